package io.claviger.application.shared;

import io.claviger.application.shared.port.CountedKind;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The changes that an attempt has made so far. When the transaction ends, these changes become
 * audit events.
 */
public final class ChangeLog {
  /**
   * @param otherActor the actor who made the change, if this was not the actor of the whole attempt
   */
  record Entry(
      AuditAction action,
      AuditTarget target,
      List<String> fields,
      List<AuditEvent.Term> terms,
      Optional<Actor> otherActor) {}

  /** The kind of a record that was added, and the user for whom it was added. */
  record Addition(User.Id user, CountedKind kind) {}

  private final List<Entry> entries = new ArrayList<>();
  private final Map<Addition, Integer> additions = new LinkedHashMap<>();
  private AuditAction attempted;
  private AuditTarget target;
  private Optional<Actor> actor;
  private boolean signIn;
  private Optional<Actor> by = Optional.empty();

  /**
   * @param attempted the action under which a refusal is recorded
   * @param target the target under which a refusal is recorded
   * @param actor the user who makes the attempt; empty if the user is not known yet
   */
  ChangeLog(AuditAction attempted, AuditTarget target, Optional<Actor> actor) {
    this.actor = actor;
    this.attempted = attempted;
    this.target = target;
  }

  public void recordAttemptAs(AuditAction action) {
    attempted = action;
  }

  /**
   * Sets the target as soon as it is known that the actor sees the target. As soon as the target is
   * set, a refusal is recorded with the target's id, so that the target's owner sees it.
   */
  public void setTarget(AuditTarget found) {
    target = found;
  }

  /** Sets the actor as soon as the actor is known, for example during a sign-in. */
  public void setActor(Actor found) {
    actor = Optional.of(found);
  }

  /**
   * Limits this attempt as a sign-in, and not as a change. If changes used up the limit of
   * sign-ins, the holder of an access token could make so many changes that its owner can't sign in
   * any more to revoke it.
   */
  public void limitAsSignIn() {
    signIn = true;
  }

  boolean isLimitedAsSignIn() {
    return signIn;
  }

  /**
   * Runs the part of the attempt to which enough users have consented. The part's changes are
   * recorded as changes of the user who requested them.
   */
  public void consented(Actor other, Runnable part) {
    by = Optional.of(other);
    try {
      part.run();
    } finally {
      by = Optional.empty();
    }
  }

  /** Whether enough users have consented to the part of the attempt that runs now. */
  public boolean isConsented() {
    return by.isPresent();
  }

  Optional<Actor> actor() {
    return actor;
  }

  AuditTarget target() {
    return target;
  }

  AuditAction attempted() {
    return attempted;
  }

  /**
   * @param fields the names of the changed fields
   */
  public void recordChange(AuditAction action, AuditTarget target, List<String> fields) {
    recordChange(action, target, fields, List.of());
  }

  /**
   * @param fields the names of the changed fields; for a share or membership, the user or group
   *     that has it
   * @param terms the terms of the share or membership, before and after
   */
  public void recordChange(
      AuditAction action, AuditTarget target, List<String> fields, List<AuditEvent.Term> terms) {
    entries.add(new Entry(action, target, List.copyOf(fields), List.copyOf(terms), by));
  }

  /**
   * Records that a user has one more record of a kind, which was added or was somebody else's
   * before. If this exceeds the user's quota, the attempt fails.
   */
  public void recordAddition(CountedKind kind, User.Id user) {
    additions.merge(new Addition(user, kind), 1, Integer::sum);
  }

  /** Returns how many records of each kind the attempt adds for each user. */
  Map<Addition, Integer> additions() {
    return additions;
  }

  List<Entry> entries() {
    return entries;
  }

  /** Whether the attempt has deleted a user. */
  boolean deletes(User.Id user) {
    return entries.stream()
        .anyMatch(
            entry ->
                entry.action() == AuditAction.USER_DELETE
                    && entry.target().id().equals(Optional.of(user.value())));
  }

  /**
   * Returns an actor with only those rights and credentials that the actor must still have when the
   * attempt ends. Actors who demoted themselves need not be administrators any more. Actors who
   * ended credentials need not have credentials any more, because they might have ended their own.
   * In addition, if the credentials still had to exist, two transactions that end each other's
   * credentials would wait for each other.
   */
  Actor needed(Actor actor) {
    return new Actor(
        actor.id(),
        actor.handle(),
        actor.administrator() && !entries.isEmpty() && !demotes(actor.id()),
        needsCredentials() ? actor.token() : Optional.empty(),
        actor.address(),
        actor.requestId(),
        needsCredentials() ? actor.session() : Optional.empty());
  }

  private boolean needsCredentials() {
    return !entries.isEmpty()
        && entries.stream().noneMatch(entry -> endsCredentials(entry.action()));
  }

  private static boolean endsCredentials(AuditAction action) {
    return switch (action) {
      case TOKEN_DELETE, SESSION_END, IDENTITY_LINK, IDENTITY_UNLINK -> true;
      default -> false;
    };
  }

  private boolean demotes(User.Id user) {
    return entries.stream()
        .anyMatch(
            entry ->
                entry.action() == AuditAction.USER_UPDATE
                    && entry.target().id().equals(Optional.of(user.value()))
                    && entry.fields().contains("administrator"));
  }

  /**
   * Whether all changes of the attempt end access. The result is also true if nothing was changed.
   * Losing a membership can remove the rights of an administrator, but never gives them. A change
   * that suspends a user counts as ending access even if it also changes other fields of the user.
   * Suspensions can't be repeated without limit, because each suspension requires that the previous
   * suspension was ended.
   */
  boolean endsAccess() {
    return entries.isEmpty()
        || entries.stream().anyMatch(entry -> entry.action() == AuditAction.USER_SUSPEND)
        || (entries.stream().anyMatch(entry -> entry.action().endsAccess())
            && entries.stream()
                .allMatch(entry -> entry.action().endsAccess() || isAboutAdministrator(entry)));
  }

  private static boolean isAboutAdministrator(Entry entry) {
    return entry.action() == AuditAction.USER_UPDATE
        && entry.fields().equals(List.of("administrator"));
  }
}
