package io.claviger.console.instances;

import io.claviger.application.issuer.StatementIssuer;
import io.claviger.application.issuer.StatementIssuer.IssuerStatus;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.credentials.FederationProvider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.issuer.FederationGuide;
import io.claviger.web.problems.Problems;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The values to enter at a provider, so that the provider trusts signed statements about a service.
 *
 * @param ofService whether the rule at the provider names the service; false if the service does
 *     not exist yet
 * @param title a text that says on which page of the provider the user enters the values
 * @param fault the reason why this installation does not sign statements; null if it signs them
 */
public record FederationSteps(
    boolean ofService, String title, List<FederationGuide.Entry> entries, @Nullable String fault) {
  public FederationSteps {
    entries = List.copyOf(entries);
  }

  /** Returns the values to enter; null if credentials of this kind use no signed statements. */
  static @Nullable FederationSteps of(
      StatementIssuer issuer,
      Actor actor,
      Optional<Instance.Ref> service,
      CredentialChoice choice) {
    if (choice.provider().isEmpty()) {
      return null;
    }
    FederationProvider provider = choice.provider().get();
    return switch (issuer.show(actor, service)) {
      case Outcome.Done<IssuerStatus> done ->
          done.value().guides().stream()
              .filter(guide -> guide.provider() == provider)
              .map(
                  guide ->
                      new FederationSteps(
                          service.isPresent(), guide.title(), guide.entries(), null))
              .findAny()
              .orElseThrow();
      case Outcome.Refused<IssuerStatus> refused ->
          new FederationSteps(
              false, "", List.of(), Problems.refusal(refused.why()).problem().detail());
    };
  }
}
