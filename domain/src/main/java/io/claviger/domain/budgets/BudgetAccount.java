package io.claviger.domain.budgets;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The account to which the use of a budget is charged. The account stays the same when the budget's
 * amount changes or a share is replaced, so that neither change resets the counted use.
 *
 * @param subject the holder of the account, such as {@code token:} followed by the id of a token
 */
public record BudgetAccount(String subject, Budget.Key key) {

  public static BudgetAccount of(BudgetMeter meter) {
    return meter.charged();
  }

  /**
   * This method is written by hand for speed: deep in the stack of a call, the JVM would not inline
   * the generated method.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof BudgetAccount account
        && subject.equals(account.subject)
        && key.unit() == account.key.unit()
        && key.window() == account.key.window()
        && key.zone().equals(account.key.zone());
  }

  /**
   * {@link #hashCode} must be cheap, because each call uses it. The hash code ignores the zone,
   * because few accounts differ only in the zone.
   */
  @Override
  public int hashCode() {
    return subject.hashCode() + 31 * key.unit().hashCode() + 127 * key.window().hashCode();
  }

  /**
   * Returns the id of the account. The id is computed from the fields, so it is the same on all
   * nodes.
   */
  public UUID id() {
    String name =
        String.join(
            " ", key.unit().wireName(), key.window().wireName(), key.zone().name(), subject);
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }
}
