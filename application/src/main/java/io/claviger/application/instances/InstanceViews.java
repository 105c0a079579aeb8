package io.claviger.application.instances;

import io.claviger.application.credentials.port.MintedStates;
import io.claviger.application.credentials.port.MintedStates.MintedState;
import io.claviger.application.instances.InstanceView.CredentialView;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.LastContacts;
import io.claviger.application.keys.KeyAccess;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.keys.port.DestinationPolicy;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.UserKey;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.CallQuestion.Reach;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ServiceState;
import io.claviger.domain.policy.ServiceState.LastContact;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.GroupShare;
import io.claviger.domain.sharing.HeldShares.Grant;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Builds the view of an instance for a caller. The view states the caller's role, and whether a key
 * is available for the caller's calls.
 */
final class InstanceViews {
  private final KeyDecisions resolution;
  private final DestinationPolicy destinations;
  private final UserKeyStore userKeys;
  private final LastContacts contacts;
  private final MintedStates states;

  InstanceViews(KeyAccess keys, LastContacts contacts, MintedStates states) {
    this.states = states;
    this.resolution = keys.decisions();
    this.destinations = keys.destinations();
    this.userKeys = keys.userKeys();
    this.contacts = contacts;
  }

  InstanceView view(Actor actor, InstanceStore.VisibleInstance seen, Instant now) {
    Relationship relationship = relationship(actor, seen, now);
    KeyDecision decision =
        resolution.decide(
            Permissions.allows(relationship, Action.USE), seen.instance(), seen.keys(), actor.id());
    Instance instance = seen.instance();
    Reach destination =
        destinations.judge(instance, instance.sendsSecret(!instance.customHeaderNames().isEmpty()));
    boolean seesInAll = Permissions.allows(relationship, Action.CONFIGURE) || actor.administrator();
    return new InstanceView(
        seen.instance(),
        relationship.shownRole(),
        decision.source().isPresent() && destination != Reach.NOT_ALLOWED,
        seen.keys().userKey().isPresent(),
        seen.isDefault(),
        seen.shares().grant(now).flatMap(Grant::group).map(GroupShare::handle),
        limits(actor, seen, now).effective(),
        destination,
        Optional.of(seen.instance().settings().budgetsInAll()).filter(budgets -> seesInAll),
        Optional.of(seen.instance().settings().limitsInAll()).filter(limits -> seesInAll),
        seen.shares().grant(now).flatMap(grant -> grant.terms().expiresAt()),
        ServiceState.of(
            seen.instance().enabled(),
            decision,
            destination,
            lastContact(seen.instance(), decision, actor.id())),
        seesInAll ? Optional.of(credential(seen, now)) : Optional.empty());
  }

  private CredentialView credential(InstanceStore.VisibleInstance seen, Instant now) {
    Instance instance = seen.instance();
    boolean minting = instance.credential().kind().isMinted();
    MintedState minted = minting ? states.of(instance) : MintedState.NONE;
    return new CredentialView(
        instance.credentialKind(),
        instance.credential(),
        instance.credential().kind().isConfirmed()
            ? Optional.of(resolution.opensCredential(instance, seen.keys()))
            : Optional.empty(),
        minted,
        minted
            .expiresAt()
            .map(end -> Duration.between(now, end))
            .filter(left -> !left.isNegative()));
  }

  private LastContact lastContact(Instance instance, KeyDecision decision, User.Id caller) {
    return decision
        .source()
        .map(
            source ->
                switch (source) {
                  case USER ->
                      contacts.of(
                          instance.id(),
                          instance.destination(),
                          Optional.of(caller),
                          () -> userKeys.find(instance.id(), caller).map(UserKey::setAt));
                  case CENTRAL ->
                      contacts.of(
                          instance.id(),
                          instance.destination(),
                          Optional.empty(),
                          instance::apiKeySetAt);
                  case KEYLESS, DEPLOYMENT ->
                      contacts.of(
                          instance.id(), instance.destination(), Optional.empty(), Optional::empty);
                })
        .orElse(LastContact.NO_FAILURE);
  }

  /**
   * Whether the caller's calls can't work until the caller sets a key or confirms the credential. A
   * key is missing if none is found and the caller may set one for all callers. A confirmation is
   * missing if the credential needs one and the caller may give it.
   */
  boolean needsKey(Actor actor, InstanceStore.VisibleInstance seen, Instant now) {
    Relationship relationship = relationship(actor, seen, now);
    KeyDecision decision =
        KeyDecision.decide(
            resolution.untried(
                Permissions.allows(relationship, Action.USE), seen.instance(), seen.keys()));
    return (decision == KeyDecision.MISSING_API_KEY
            && Permissions.allows(relationship, Action.SET_KEY))
        || (decision == KeyDecision.CREDENTIAL_UNCONFIRMED
            && Permissions.allows(relationship, Action.CONFIRM_DESTINATION));
  }

  /**
   * Returns the limits for calls that the caller makes directly, not through a project. The limits
   * of an expired share do not apply.
   */
  private static CallLimits limits(Actor actor, InstanceStore.VisibleInstance seen, Instant now) {
    Instance instance = seen.instance();
    Optional<Grant> grant = seen.shares().grant(now);
    boolean coOwns = seen.shares().role(now).filter(role -> role == Role.OWNER).isPresent();
    return CallLimits.of(
        actor.callToken(),
        new CallLimits.Of(
            instance.id().value(),
            instance.settings().limits(),
            instance.settings().inAll(),
            (coOwns ? actor.id() : instance.owner()).value()),
        new CallLimits.ShareHolder(
            actor.id().value(),
            grant.map(g -> g.terms().limits()).orElse(Limits.NONE),
            grant.flatMap(Grant::group).map(GroupShare::pool),
            grant
                .flatMap(Grant::giver)
                .map(
                    giver ->
                        new CallLimits.ShareHolder(
                            giver.value(),
                            seen.giversLimits().orElse(Limits.NONE),
                            Optional.empty()))),
        Optional.empty(),
        seen.viewersLimits());
  }

  static Relationship relationship(Actor actor, InstanceStore.VisibleInstance seen, Instant now) {
    return seen.relationship(actor, now);
  }

  static boolean isVisible(Actor actor, InstanceStore.VisibleInstance seen, Instant now) {
    return actor.sees(relationship(actor, seen, now));
  }
}
