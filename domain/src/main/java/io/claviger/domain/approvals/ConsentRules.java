package io.claviger.domain.approvals;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.NeededConsents;
import io.claviger.domain.keys.SecretUpdate.SecretAction;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The rules about which changes of a service need the consent of other people, and who may consent.
 */
public final class ConsentRules {
  /**
   * The time for which a new co-owner's consent is restricted, because an asker might make somebody
   * a co-owner only to get that person's consent. During this time, the co-owner may not consent to
   * changes that were requested by the user who made them a co-owner. If this user was deleted or
   * is not a person, the co-owner may not consent to any change.
   */
  public static final Duration NEW_CO_OWNER = Duration.ofDays(7);

  /** The fields that decide which key is used or where the key is sent. */
  private static final Set<InstanceField> GUARDED =
      Collections.unmodifiableSet(
          EnumSet.of(
              InstanceField.PROVIDER,
              InstanceField.API_STANDARD,
              InstanceField.ENDPOINT,
              InstanceField.SETTINGS,
              InstanceField.ORGANIZATION,
              InstanceField.CREDENTIAL));

  private ConsentRules() {}

  /**
   * Returns the changed fields for which the consent of other people is needed; empty if the write
   * needs no consent. Three kinds of changes never need consent: disabling a service, clearing its
   * secrets, and raising the number of needed consents.
   *
   * @param differing the fields whose values change
   * @param clearsKind whether the write replaces a credential of another kind by an API key that
   *     has no stored value
   * @param movedElsewhere whether, for any reason, calls would go to another destination or be sent
   *     in another way
   */
  public static Set<InstanceField> waitingFor(
      Set<InstanceField> differing,
      SecretAction key,
      SecretAction headers,
      boolean clearsKind,
      boolean movedElsewhere,
      NeededConsents before,
      NeededConsents after) {
    Set<InstanceField> waiting = EnumSet.noneOf(InstanceField.class);
    waiting.addAll(differing);
    waiting.retainAll(GUARDED);
    if (clearsKind && key != SecretAction.REPLACE) {
      waiting.remove(InstanceField.CREDENTIAL);
    }
    if (movedElsewhere) {
      waiting.add(InstanceField.ENDPOINT);
    }
    if (key == SecretAction.REPLACE) {
      waiting.add(InstanceField.API_KEY);
    }
    if (headers == SecretAction.REPLACE) {
      waiting.add(InstanceField.CUSTOM_HEADERS);
    }
    if (after.count() < before.count()) {
      waiting.add(InstanceField.APPROVALS);
    }
    return waiting;
  }

  /**
   * The facts about a user who wants to consent, or whose consent is checked again.
   *
   * @param person whether the user is a person, and not a service account
   * @param ownerShare whether the user has an unexpired share with the role {@code owner}
   * @param ownerSince the time at which the user's share got the role {@code owner}
   * @param ownerBy the user who gave this owner share, who might no longer exist
   * @param ownerByPerson whether the giver of the owner share exists and is a person; also true if
   *     it is not known who gave the share. False if the giver is a service account, because
   *     anybody who has or had a token of the account could act as the account
   */
  public record Consenter(
      boolean person,
      boolean suspended,
      boolean administrator,
      boolean owningUser,
      boolean ownerShare,
      Optional<Instant> ownerSince,
      Optional<User.Id> ownerBy,
      boolean ownerByPerson) {}

  /** Whether a user may consent. */
  public enum Verdict {
    MAY,
    /**
     * The user requested the change, or is responsible for the service account that requested it.
     */
    ASKED,
    /** The user is neither an owner nor an administrator. */
    NO_OWNER,
    /** The asker might have made the user a co-owner less than {@link #NEW_CO_OWNER} ago. */
    NEW_CO_OWNER,
    /**
     * A service account does not consent, because the asker might be responsible for the account.
     */
    NO_PERSON,
    SUSPENDED
  }

  /**
   * Decides whether a user may consent to a change that another user requested.
   *
   * @param behind who is responsible for the asker, if the asker is a service account. A user who
   *     is responsible for the asker could act as the asker, and is treated as the asker
   */
  public static Verdict mayConsent(
      User.Id user, User.Id asker, Set<User.Id> behind, Consenter consenter, Instant now) {
    if (user.equals(asker) || behind.contains(user)) {
      return Verdict.ASKED;
    }
    if (consenter.suspended()) {
      return Verdict.SUSPENDED;
    }
    if (!consenter.person()) {
      return Verdict.NO_PERSON;
    }
    if (consenter.administrator() || consenter.owningUser()) {
      return Verdict.MAY;
    }
    if (!consenter.ownerShare()) {
      return Verdict.NO_OWNER;
    }
    boolean byAsker =
        !consenter.ownerByPerson()
            || consenter
                .ownerBy()
                .filter(by -> by.equals(asker) || behind.contains(by))
                .isPresent();
    boolean lately =
        consenter.ownerSince().filter(since -> !since.plus(NEW_CO_OWNER).isAfter(now)).isEmpty();
    return byAsker && lately ? Verdict.NEW_CO_OWNER : Verdict.MAY;
  }

  /**
   * Whether a user may see and decline the change. The asker may decline the change, too, and
   * thereby withdraws the request. Owners and administrators may decline the change too.
   *
   * @param moved whether the service got another owner after the change was requested. Then its
   *     owners neither see nor decline the change, because it shows values of the former owner
   */
  public static boolean mayDecline(
      User.Id user, User.Id asker, Consenter consenter, boolean moved) {
    return !consenter.suspended()
        && (user.equals(asker)
            || consenter.administrator()
            || (!moved && (consenter.owningUser() || consenter.ownerShare())));
  }
}
