function startQuizzes() {}
