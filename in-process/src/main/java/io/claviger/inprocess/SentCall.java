package io.claviger.inprocess;

import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.RequestedUse;
import java.util.Optional;

/**
 * A call that a program has sent to a provider, and that has ended.
 *
 * @param asked the use that the request asks for, as passed to the authorization; this use limits
 *     the charge. Empty if the program did not read the body; then the size of the body limits the
 *     charge
 * @param use what the answer states about the use of the call
 * @param failed whether the caller got an error or an incomplete answer
 * @param bytesIn the size of the request's body in bytes
 * @param bytesOut the size of the answer's body in bytes
 */
public record SentCall(
    Optional<RequestedUse> asked, CallUse use, boolean failed, long bytesIn, long bytesOut) {
  public SentCall {
    if (bytesIn < 0 || bytesOut < 0) {
      throw new IllegalArgumentException("sizes must not be negative");
    }
  }
}
