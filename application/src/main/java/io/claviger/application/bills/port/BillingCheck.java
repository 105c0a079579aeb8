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
  /** The longest time of a check. */
  Duration LIMIT = Duration.ofSeconds(25);

  /**
   * Reads the figures of one day, and asks for the provider's models with the same key. It blocks.
   *
   * @param call where and with which key the provider is asked; the caller closes it
   */
  Checked check(AuthorizedCall call, BillingCredential credential, LocalDate day);

  /**
   * What came of a check.
   *
   * @param failure why the figures could not be read; empty if they could
   */
  record Checked(Optional<BillingFailure> failure, ModelAccess modelAccess) {}
}
