package io.claviger.application.usage.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import java.time.LocalDate;
import java.util.List;

/**
 * Calls of a user to a service that were refused with the same code on the same day.
 *
 * @param day the day, in UTC
 * @param code the code in the answer, such as {@code rate_limited}
 * @param calls the number of calls, at least 1
 */
public record RefusedCalls(
    LocalDate day, Handle user, Instance.Ref service, String code, long calls) {
  /** The number of texts in a {@link #position}. */
  public static final int POSITION_PARTS = 4;

  /** Returns the position of these calls in a list. */
  public List<String> position() {
    return List.of(day.toString(), user.value(), service.toString(), code);
  }
}
