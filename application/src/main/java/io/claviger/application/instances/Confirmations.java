package io.claviger.application.instances;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.Sight;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.GivenCredential;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Seals and checks confirmations that a credential without a secret may be used at a destination.
 * The confirmation is sealed together with the owner and everything that the credential is bound
 * to. If any of these values changes, the confirmation becomes invalid.
 */
final class Confirmations {
  private final InstanceStore instances;
  private final Sealer sealer;
  private final SecretUpdates secrets;

  Confirmations(InstanceStore instances, Sealer sealer, SecretUpdates secrets) {
    this.instances = instances;
    this.sealer = sealer;
    this.secrets = secrets;
  }

  /**
   * Locks a service for the former owner who confirmed its credential before transferring the
   * service. The former owner need not have access to the service any longer. For every other
   * actor, the result is empty.
   */
  Optional<VisibleInstance> ofGiver(Actor actor, Instance.Ref ref, Instant now) {
    return instances
        .lock(ref, Sight.ofEverything(actor.id()), now)
        .filter(seen -> actor.isWithinRestriction(seen.instance().id()))
        .filter(seen -> isGiver(actor, seen));
  }

  /**
   * Confirms a locked service. By confirming, the former owner lets the current owner use the
   * former owner's account at the provider. The current owner can't confirm settings that the
   * service had at the transfer, because with these settings, the provider gives access to the
   * former owner's account.
   */
  void confirm(
      Actor actor,
      VisibleInstance seen,
      Endpoint destination,
      Set<TokenUrl> tokenUrls,
      Instant now) {
    Instance instance = seen.instance();
    boolean gives = isGiver(actor, seen);
    if (!gives
        && !Permissions.allows(
            InstanceViews.relationship(actor, seen, now), Action.CONFIRM_DESTINATION)) {
      throw RefusedException.forbidden(
          "Only the owning user may confirm where a credential is used. For services of"
              + " _system, administrators may confirm it.");
    }
    if (!instance.credential().kind().isConfirmed()) {
      throw RefusedException.conflict(
          "nothing_to_confirm",
          "Only credentials of the kinds federated and ambient can be confirmed.");
    }
    if (!instance.endpoint().equals(destination)) {
      throw RefusedException.invalid(
          new Fault(
              "/destination",
              "invalid_value",
              "This destination is not the current endpoint of the service. First check whether you"
                  + " want the credential to be used at the current endpoint."));
    }
    if (!instance.credential().givenAddresses().equals(tokenUrls)) {
      throw RefusedException.invalid(
          new Fault(
              "/token_urls",
              "invalid_value",
              "Give the current addresses in the credential's token_url, sts_url and"
                  + " impersonation_url, except the provider's own addresses. Whoever runs a server"
                  + " at one of these addresses obtains statements about the service."));
    }
    // This check is skipped for the former owner, who can't send the headers again, but has already
    // confirmed the service with these headers.
    if (!gives && !SecretUpdates.areHeadersOf(actor.id(), instance)) {
      throw SecretUpdates.headersRequired(instance);
    }
    if (gives) {
      instances.leaveGivenCredential(instance.id(), instance.owner());
    } else if (isOfFormerOwner(instance, instance.credential())) {
      throw RefusedException.conflict(
          "credential_of_former_owner",
          "With these settings, the provider gives access to the former owner's account."
              + " Ask the former owner to confirm the settings, or enter your own settings.");
    }
    boolean keepsSetter =
        gives || (isEndpointOfFirstOwner(instance) && hasConfirmed(instance.owner(), seen));
    SecretChange confirmed = secrets.confirmed(instance.credentialBinding(), instance.owner());
    instances.update(
        confirmed(instance, keepsSetter, actor, now), confirmed, new SecretChange.Keep());
  }

  /**
   * Whether the first owner of the instance's account at the provider set the endpoint. If somebody
   * else names or confirms this endpoint, and changes nothing to which the confirmation is sealed,
   * the first owner stays recorded. Otherwise, the first owner could not let any further owner use
   * the account.
   */
  boolean isEndpointOfFirstOwner(Instance instance) {
    return instances
        .givenCredential(instance.id())
        .filter(given -> given.settings().equals(instance.credential()))
        .flatMap(GivenCredential::firstOwner)
        .filter(first -> instance.endpointSetBy().equals(Optional.of(first)))
        .isPresent();
  }

  /**
   * Whether calls with these settings use the provider account of the instance's first owner, who
   * does not let the current owner use it.
   */
  boolean isOfFormerOwner(Instance instance, CredentialSettings settings) {
    return instances
        .givenCredential(instance.id())
        .filter(given -> given.isKeptFrom(instance.owner(), settings))
        .isPresent();
  }

  /**
   * Whether the actor is a former owner who had confirmed the service's credential before
   * transferring the service. Only the former owner who confirmed the current settings qualifies. A
   * user who owned the service between this former owner and the current owner can't let other
   * users use the account.
   */
  private boolean isGiver(Actor actor, VisibleInstance seen) {
    Instance instance = seen.instance();
    Optional<GivenCredential> given =
        instances
            .givenCredential(instance.id())
            .filter(settings -> settings.settings().equals(instance.credential()));
    if (instance.owner().equals(actor.id()) || given.isEmpty()) {
      return false;
    }
    User.Id confirmer = given.get().confirmer(instance.credential()).orElse(actor.id());
    Optional<User.Id> leftTo = given.get().leftTo();
    if (leftTo.isEmpty()) {
      return confirmer.equals(actor.id()) && hasConfirmed(confirmer, seen);
    }
    // The first owner's own confirmation was replaced when the first owner let a later owner use
    // the account. That owner could have confirmed another endpoint or other headers since then.
    return given.get().firstOwner().equals(Optional.of(actor.id()))
        && !leftTo.get().equals(instance.owner())
        && instance.endpointSetBy().equals(Optional.of(actor.id()))
        && SecretUpdates.areHeadersOf(actor.id(), instance)
        && hasConfirmed(confirmer, seen);
  }

  /** Whether the stored confirmation is the given user's, or was made for the given user. */
  private boolean hasConfirmed(User.Id user, VisibleInstance seen) {
    seen.keys().apiKey().ifPresent(sealer::demandKeyOf);
    Optional<Secret> mark =
        seen.keys()
            .apiKey()
            .flatMap(
                stored ->
                    sealer.open(
                        stored,
                        KeyBinding.ofConfirmation(seen.instance().credentialBinding(), user)));
    mark.ifPresent(Secret::close);
    return mark.isPresent();
  }

  private static Instance confirmed(
      Instance before, boolean keepsSetter, Actor actor, Instant now) {
    return new Instance(
        before.id(),
        before.owner(),
        before.ref(),
        before.settings(),
        before.placement(),
        before.definitionRef(),
        before.customHeaderNames(),
        Optional.of(now),
        keepsSetter ? before.endpointSetBy() : Optional.of(actor.id()),
        before.headersSetBy(),
        before.version() + 1,
        before.createdAt(),
        now);
  }
}
