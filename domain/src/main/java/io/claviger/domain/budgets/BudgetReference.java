package io.claviger.domain.budgets;

import io.claviger.domain.InvalidValue;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The id of a budget in the API. This id identifies the account to which the use of the budget is
 * charged. So a budget has an id before its first use, and its id stays the same when its amount
 * changes.
 */
public final class BudgetReference {
  private static final int LONGEST = 400;

  private BudgetReference() {}

  /** Returns the id: letters, digits, {@code -} and {@code _}. */
  public static String of(BudgetAccount account) {
    String text =
        String.join(
            " ",
            account.key().unit().wireName(),
            account.key().window().wireName(),
            account.key().zone().name(),
            account.subject());
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Parses an id; empty if the text can't be a budget's id. */
  public static Optional<BudgetAccount> read(String id) {
    if (id.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(id), StandardCharsets.UTF_8);
      String[] parts = text.split(" ", 4);
      if (parts.length < 4) {
        return Optional.empty();
      }
      BudgetAccount account =
          new BudgetAccount(
              BudgetHolder.of(parts[3]).account(),
              new Budget.Key(
                  BudgetUnit.of(parts[0]), BudgetWindow.of(parts[1]), new BudgetZone(parts[2])));
      // An id in another spelling is refused, because people who compare ids would think that it is
      // another budget's id.
      return Optional.of(account).filter(read -> of(read).equals(id));
    } catch (IllegalArgumentException | InvalidValue e) {
      return Optional.empty();
    }
  }
}
