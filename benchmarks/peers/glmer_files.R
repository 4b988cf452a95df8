# lme4::glmer on every CSV file of a folder. Arguments: folder, tolPwrss (lme4's default is 1e-7). Written: estimates.csv
# (file, term, estimate, std_error, sd, log_likelihood, seconds).
suppressPackageStartupMessages(library(lme4))
given <- commandArgs(trailingOnly = TRUE)
found <- NULL
for (file in sort(list.files(given[1], "^[0-9]+[.]csv$"))) {
  data <- read.csv(file.path(given[1], file))
  spent <- system.time(fit <- suppressWarnings(suppressMessages(glmer(
    y ~ a + b + x + z + flag + (1 | g), data, binomial, nAGQ = 1,
    control = glmerControl(optimizer = "bobyqa", optCtrl = list(maxfun = 2e5), tolPwrss = as.numeric(given[2]))))))
  table <- coef(suppressWarnings(summary(fit)))
  found <- rbind(found, data.frame(
    file = file, term = rownames(table), estimate = table[, 1], std_error = table[, 2],
    sd = attr(VarCorr(fit)$g, "stddev"), log_likelihood = as.numeric(logLik(fit)), seconds = spent[["elapsed"]]))
}
write.csv(found, file.path(given[1], "estimates.csv"), row.names = FALSE)
