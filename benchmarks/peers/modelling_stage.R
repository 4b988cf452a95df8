# The modelling stage of one model in R: mice (pmm), lme4::glmer, pooling. Arguments: folder, imputations, iterations,
# fits, seed. The folder has gaps.csv (outcome, region, factors with missing values), completed-N.csv (the same, complete)
# and levels.csv (factor, level; the reference level first). Fits are those of the first completed files, so that both
# sides fit the same data. Written: estimates.csv (how, fit, term, estimate, std_error; how "modes" has the conditional
# modes of the regions and their standard deviations), seconds.csv (what, seconds, processor_seconds), and pooled.csv
# when there is a fit per imputation.
suppressPackageStartupMessages({ library(mice); library(lme4) })
given <- commandArgs(trailingOnly = TRUE)
folder <- given[1]
imputations <- as.integer(given[2]); iterations <- as.integer(given[3]); fits <- as.integer(given[4])
levels_of <- read.csv(file.path(folder, "levels.csv"), colClasses = "character")

read <- function(name) {
  data <- read.csv(file.path(folder, name), na.strings = "", colClasses = "character")
  for (name in unique(levels_of$factor)) {
    wanted <- levels_of$level[levels_of$factor == name]
    data[[name]] <- factor(data[[name]], levels = wanted[wanted %in% data[[name]]])
  }
  data$region <- factor(data$region)
  data$outcome <- factor(data$outcome, levels = c("false", "true"))
  data
}

seconds <- NULL
clocked <- function(what, expression) {
  before <- proc.time()
  value <- force(expression)
  spent <- proc.time() - before
  seconds <<- rbind(seconds, data.frame(
    what = what, seconds = spent[["elapsed"]], processor_seconds = spent[["user.self"]] + spent[["sys.self"]]))
  write.csv(seconds, file.path(folder, "seconds.csv"), row.names = FALSE)
  value
}

gaps <- read("gaps.csv")
invisible(clocked("mice", mice(
  gaps, m = imputations, maxit = iterations, seed = as.integer(given[5]), printFlag = FALSE,
  method = ifelse(vapply(gaps, anyNA, logical(1)), "pmm", ""))))

formula <- reformulate(c(unique(levels_of$factor), "(1 | region)"), "outcome")
bobyqa <- glmerControl(optimizer = "bobyqa", optCtrl = list(maxfun = 2e5))
rows <- NULL
fitted <- list()
for (number in seq_len(fits)) {
  data <- read(paste0("completed-", number, ".csv"))
  for (how in c("nAGQ=0", "nAGQ=1")) {
    fit <- clocked(how, glmer(formula, data, family = binomial, nAGQ = if (how == "nAGQ=0") 0L else 1L, control = bobyqa))
    coefficients <- coef(summary(fit))
    rows <- rbind(rows, data.frame(how = how, fit = number, term = rownames(coefficients),
                                   estimate = coefficients[, "Estimate"], std_error = coefficients[, "Std. Error"]))
    modes <- as.data.frame(ranef(fit, condVar = TRUE))
    if (how == "nAGQ=1") rows <- rbind(rows, data.frame(
      how = "modes", fit = number, term = paste0("region", modes$grp), estimate = modes$condval,
      std_error = modes$condsd))
    write.csv(rows, file.path(folder, "estimates.csv"), row.names = FALSE)
  }
  fitted[[number]] <- fit
}
if (fits == imputations) {
  pooled <- clocked("pool", summary(pool(fitted)))
  write.csv(pooled[c("term", "estimate", "std.error")], file.path(folder, "pooled.csv"), row.names = FALSE)
}
