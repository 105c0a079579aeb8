package io.claviger.application.budgets.port;

import io.claviger.domain.budgets.BudgetHolder;
import java.util.Collection;
import java.util.Map;

/** Finds the names of services, groups, projects, users and tokens. */
@FunctionalInterface
public interface HolderDirectory {
  /** Finds the names of the holders of budgets. The returned map has an entry for each holder. */
  Map<BudgetHolder, HolderNames> names(Collection<BudgetHolder> holders);
}
