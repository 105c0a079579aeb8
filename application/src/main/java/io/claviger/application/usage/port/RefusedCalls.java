package io.claviger.application.usage.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import java.time.LocalDate;
import java.util.List;

/**
 * Calls of a user to a service that were refused with the same code on a day.
 *
 * @param day in UTC
 * @param code as in the answer, such as {@code rate_limited}
 * @param calls how many, at least 1
 */
public record RefusedCalls(
    LocalDate day, Handle user, Instance.Ref service, String code, long calls) {
  /** How many texts a {@link #position} consists of. */
  public static final int POSITION_PARTS = 4;

  /** The position in lists. */
  public List<String> position() {
    return List.of(day.toString(), user.value(), service.toString(), code);
  }
}
