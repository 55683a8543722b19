// Without a card: the fair's posts in the order of the booths, less those that her answers rule out. Nothing is ranked here.

export const QUESTIONS = [
  { name: "where", words: "想在哪里上班？", answers: [["near", "本县"], ["far", "外地"], ["", "都可以"]] },
  { name: "lodging", words: "要不要包住？", answers: [["yes", "要包住"], ["", "都可以"]] },
  { name: "pay", words: "一个月至少要多少钱？", answers: [["4000", "4000元"], ["5000", "5000元"], ["6000", "6000元"], ["", "都可以"]] },
  { name: "nights", words: "能不能上夜班？", answers: [["no", "不上夜班"], ["", "都可以"]] },
];

// What is not known rules nothing out, and is shown as such on the post.
export function left(posts, answers) {
  return posts.filter((post) => {
    const told = post.filters;
    if (answers.where === "near" && !told.near) return false;
    if (answers.where === "far" && told.near) return false;
    if (answers.lodging === "yes" && told.lodging_given === false) return false;
    if (answers.pay && told.pay_to !== null && told.pay_to < Number(answers.pay)) return false;
    if (answers.nights === "no" && told.nights === true) return false;
    return told.seats_left > 0;
  });
}
