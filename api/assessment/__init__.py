"""个人信息保护影响评估, made of what the code declares and the record counts: nothing is written twice."""
