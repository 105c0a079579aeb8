package io.claviger.application.bills.port;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.bills.BillingCredential;
import io.claviger.domain.bills.BillingCredential.ModelAccess;
import io.claviger.domain.bills.BillingFailure;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;

/** Tries a billing credential before it is stored. */
public interface BillingCheck {
  /** The time limit of a check. */
  Duration LIMIT = Duration.ofSeconds(25);

  /**
   * Reads the figures of one day, and requests the provider's models with the same key. This method
   * blocks.
   *
   * @param call the provider's address, and the service's key. This method does not close the
   *     object
   */
  Checked check(AuthorizedCall call, BillingCredential credential, LocalDate day);

  /**
   * The result of a check.
   *
   * @param failure why the figures could not be read; empty if they were read
   */
  record Checked(Optional<BillingFailure> failure, ModelAccess modelAccess) {}
}
