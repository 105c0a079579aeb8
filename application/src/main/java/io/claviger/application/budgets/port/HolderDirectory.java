package io.claviger.application.budgets.port;

import io.claviger.domain.budgets.BudgetHolder;
import java.util.Collection;
import java.util.Map;

/** Knows what people call services, groups, users and tokens. */
@FunctionalInterface
public interface HolderDirectory {
  /** Finds the names of all these holders at once. Each of them is a key of the answer. */
  Map<BudgetHolder, HolderNames> names(Collection<BudgetHolder> holders);
}
