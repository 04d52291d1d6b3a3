# The reference of group "estimation": the same work by svyby of R survey.
# usage: Rscript estimation_work.R data.csv answers.csv complete|missing repeats
suppressMessages(library(survey))
args <- commandArgs(TRUE)
repeats <- as.integer(args[4])
data <- read.csv(args[1])
indicators <- grep("^y", names(data), value = TRUE)
breakdowns <- grep("^b", names(data), value = TRUE)

# Missing answers have to be done one by one: na.rm drops a row from all of them.
asked <- if (args[3] == "complete") list(indicators) else as.list(indicators)

work <- function(data) {
  design <- svydesign(ids = ~1, strata = ~h, weights = ~w, data = data)
  df <- degf(design)
  found <- list()
  for (by in breakdowns) for (y in asked) {
    each <- svyby(reformulate(y), reformulate(by), design, svymean,
                  na.rm = args[3] == "missing", vartype = "se")
    found[[length(found) + 1]] <- cbind(as.vector(coef(each)),
      as.vector(as.matrix(SE(each))), confint(each, df = df))
  }
  do.call(rbind, found)
}

answers <- work(head(data, 700)) # not timed: R compiles what it runs more often
before <- proc.time()
for (round in seq_len(repeats)) answers <- work(data)
spent <- sum((proc.time() - before)[c("user.self", "sys.self", "user.child", "sys.child")])
write.table(format(answers, digits = 17, trim = TRUE), args[2], sep = ",", quote = FALSE,
            row.names = FALSE, col.names = FALSE)
cat(spent / repeats, as.character(getRversion()), as.character(packageVersion("survey")))
