# Imputes files with R's mice, one per line of the standard input: file in, file out, imputations, iterations, seed.
# Every column is a factor; missing values are empty. The method is predictive mean matching, as in the study. The file
# out has the completed data sets below each other, in the order of the imputations. Answers each line with processor seconds.
suppressPackageStartupMessages(library(mice))
lines <- file("stdin", open = "r")
while (length(line <- readLines(lines, n = 1)) > 0) {
  given <- strsplit(line, " ")[[1]]
  data <- read.csv(given[1], na.strings = "", colClasses = "factor")
  methods <- ifelse(vapply(data, anyNA, logical(1)), "pmm", "")
  started <- sum(proc.time()[1:2])
  imputed <- mice(data, m = as.integer(given[3]), maxit = as.integer(given[4]), method = methods,
                  seed = as.integer(given[5]), printFlag = FALSE)
  seconds <- sum(proc.time()[1:2]) - started
  write.csv(complete(imputed, "long")[names(data)], given[2], row.names = FALSE, quote = TRUE)
  cat(seconds, "\n")
  flush(stdout())
}
