# Conditional modes of the random intercept and their variances from lme4, on the golden data. Arguments: the folder
# reference/golden. Written there: region_modes.csv (imp, region, mode, conditional_variance).
#     Rscript benchmarks/peers/region_modes.R reference/golden
suppressPackageStartupMessages(library(lme4))
folder <- commandArgs(trailingOnly = TRUE)[1]
data <- read.csv(file.path(folder, "imputed.csv"), colClasses = "character")
data$engaged <- as.integer(data$engaged)
found <- NULL
for (number in sort(unique(data$.imp))) {
  # lme4 stops looking for the modes early as it comes; tolPwrss lets it find them.
  fit <- glmer(engaged ~ sex + age_band + ethnicity + accommodation + rsr + ogrs + (1 | region),
               data[data$.imp == number, ], binomial, nAGQ = 1,
               control = glmerControl(optimizer = "bobyqa", optCtrl = list(maxfun = 2e5), tolPwrss = 1e-13))
  modes <- as.data.frame(ranef(fit, condVar = TRUE))
  found <- rbind(found, data.frame(imp = number, region = modes$grp, mode = modes$condval,
                                   conditional_variance = modes$condsd^2))
}
found[c("mode", "conditional_variance")] <- signif(found[c("mode", "conditional_variance")], 10)
write.csv(found, file.path(folder, "region_modes.csv"), row.names = FALSE, quote = FALSE)
