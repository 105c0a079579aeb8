package io.claviger.console.budgets;

import io.claviger.application.budgets.port.HolderNames;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.BudgetHolder;
import java.util.Optional;

/** Says whose use a budget counts. */
final class HolderWords {
  private static final String GONE = "somebody who is gone";

  private HolderWords() {}

  /** Returns words such as {@code You on alice/chat}. */
  static String of(BudgetHolder holder, HolderNames names, Handle viewer) {
    String service = names.service().map(Object::toString).orElse("a service that is gone");
    String group = "@" + names.group().map(Handle::value).orElse("a group that is gone");
    return switch (holder.kind()) {
      case SERVICE_CALLER -> who(names.user(), viewer) + " on " + service;
      case SERVICE_GROUP -> "All members of " + group + " together on " + service;
      case SERVICE -> "All callers of " + service + " together";
      case TOKEN -> "Access token " + names.token().orElse("that is gone");
      case USER -> who(names.user(), viewer) + ", wherever the call goes";
      case GROUP_MEMBER -> who(names.user(), viewer) + " as a member of " + group;
      case GROUP -> "All members of " + group + " together";
    };
  }

  private static String who(Optional<Handle> user, Handle viewer) {
    return user.map(handle -> handle.equals(viewer) ? "You" : handle.value()).orElse(GONE);
  }
}
