package io.claviger.domain.instances;

import io.claviger.domain.InvalidValue;

/**
 * The number of users who have to consent to a change that decides where a key goes or who owns a
 * service. The user who requests the change counts, too.
 *
 * @param count the number of users, 1 to 5; 1 means that only the asker has to consent
 */
public record NeededConsents(int count) {
  public static final NeededConsents ONE = new NeededConsents(1);

  private static final int MOST = 5;

  /**
   * @throws InvalidValue when the number is out of bounds
   */
  public NeededConsents {
    if (count < 1 || count > MOST) {
      throw new InvalidValue("approvals", "1 to 5");
    }
  }
}
