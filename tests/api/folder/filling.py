"""Small exchange folders written by hand."""

from pathlib import Path

HEADINGS = {
    "workers": "worker_id,county,birth_date,sex,education,hardship,relocated,disability_grade,skills,last_occupation,"
    "pay_floor,accepted_regions,needs_lodging,companion_id,available_from",
    "employers": "employer_id,region,kind,industry,size",
    "vacancies": "vacancy_id,employer_id,region,title,seats,pay_min,pay_max,max_age,min_education,required_skills,"
    "lodging,valid_from,valid_until",
    "applications": "worker_id,vacancy_id,applied_on,outcome,decided_on",
    "spells": "worker_id,employer_id,started_on,ended_on,observed_until,vacancy_id,region,monthly_income",
    "open_workers": "worker_id",
}


def fill(folder: Path, **files: str | bytes) -> Path:
    """Write the files: rows below the usual heading, or bytes as they are."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        if isinstance(content, str):
            content = f"{HEADINGS[name]}\n{content}\n".encode()
        (folder / f"{name}.csv").write_bytes(content)
    return folder


PEOPLE = """\
w1,610728,1980-05-01,F,junior_high,脱贫不稳定户,1,0,缝纫工:3;电工,缝纫工,4000,3206;61,1,w2,2026-01-15
w2,610728,,,,,,,,,,,,,
w3,610723,1975-02-28,M,primary,脱贫户,0,2,,,,,0,gone,
w4,441900,2000-01-01,M,college,一般农户,,,焊工,,3500.50,,,,"""
FIRMS = "e1,320612,enterprise,纺织业,200\ne2,3206,,,"
POSTS = """\
v1,e1,320612,缝纫工,2,4500,6000,50,junior_high,缝纫工,1,2026-01-01,2026-03-31
v2,e2,3206,保安,1,,,,,,,,
v3,e3,320600,缝纫工,5,4000,,,,,0,2025-01-01,2025-06-30"""
