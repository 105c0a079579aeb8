package io.claviger.application.approvals;

import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.approvals.port.ApprovalStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.ConsentDemand;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.application.shared.OtherChange;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Stores service changes that need the consent of other people. */
public final class ApprovalGate implements ConsentDemand {
  /** The maximum size of a change in bytes. */
  static final int LONGEST = 262_144;

  private static final Pattern TIMES_OF_CHANGE =
      Pattern.compile("\"(?:updated_at|owner_since)\": \"[^\"]*\"");

  private static final Pattern TIMES_OF_NEW_SHARE =
      Pattern.compile("\"(?:(?:created_at|owner_since)\": \"[^\"]*\"|version\": [0-9]+)");

  private final ApprovalStore store;
  private final CredentialStore credentials;
  private final Sealer sealer;
  private final Ids ids;
  private final InstantSource clock;

  public ApprovalGate(
      ApprovalStore store,
      CredentialStore credentials,
      Sealer sealer,
      Ids ids,
      InstantSource clock) {
    this.store = store;
    this.credentials = credentials;
    this.sealer = sealer;
    this.ids = ids;
    this.clock = clock;
  }

  @Override
  public void demand(ChangeLog log, Actor actor, Instance service, Wanted wanted) {
    if (log.isConsented() || service.settings().approvals().count() == 1) {
      return;
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Approval.Id id = new Approval.Id(ids.next());
    throw new OtherChange(
        AuditAction.APPROVAL_ASK,
        AuditTargets.service(service),
        other -> ask(id, actor, service, wanted, now, other));
  }

  private static Approval approval(
      Approval.Id id, Actor actor, boolean byPerson, Instance service, Wanted wanted, Instant now) {
    return new Approval(
        id,
        service.id(),
        service.ref(),
        service.ref(),
        service.owner(),
        false,
        service.version(),
        actor.id(),
        actor.handle(),
        byPerson,
        wanted.kind(),
        wanted.subject(),
        wanted.fields(),
        wanted.terms(),
        service.settings().approvals().count(),
        List.of(),
        Approval.State.WAITING,
        now,
        now.plus(Approval.WAITS),
        Optional.empty(),
        Optional.empty());
  }

  private Refusal ask(
      Approval.Id id, Actor actor, Instance service, Wanted wanted, Instant now, ChangeLog log) {
    ApprovalStore.Waiting waiting = store.lockAndCount(service.id(), actor.id(), now);
    Lockout.demandPresented(actor, credentials);
    Approval approval = approval(id, actor, waiting.byPerson(), service, wanted, now);
    Optional<Approval> former =
        store.lockWaiting(approval.service(), approval.asker(), approval.subject());
    Optional<Approval> standing =
        former.filter(each -> each.isWaiting(now) && isTheSame(each, approval, wanted.image()));
    if (standing.isPresent()) {
      Approval same = store.find(standing.get().id()).orElseThrow();
      return new Refusal.Waiting(same.id().value(), same.missing(), same.until());
    }
    former.ifPresent(
        each -> {
          store.end(
              each.ended(
                  Approval.State.LAPSED,
                  Optional.of("The same user asked for this change again."),
                  now));
          log.recordChange(
              AuditAction.APPROVAL_LAPSE, AuditTargets.approval(each), List.of("asked_again"));
        });
    Optional<Approval> ended = former.filter(each -> each.isWaiting(now));
    // A change from before a transfer takes no place of the new owner, so it frees none.
    int ofService = ended.filter(each -> !each.moved()).isPresent() ? 1 : 0;
    int ofAsker = ended.isPresent() ? 1 : 0;
    if (waiting.ofService() - ofService >= Approval.MOST_OF_SERVICE
        || waiting.ofAsker() - ofAsker >= Approval.MOST_OF_ASKER) {
      throw new RefusedException(
          new Refusal.TooMany(
              "too_many_waiting",
              "Too many changes wait for consent already. Decline some of them first.",
              Duration.ofHours(1)));
    }
    if (shownBytes(approval) > Approval.MOST_SHOWN) {
      throw tooLarge(
          "The values of this change are too long to show them in full to the people who have to"
              + " consent. First make a separate change of the long values that need no consent.");
    }
    byte[] bytes = wanted.image().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > LONGEST) {
      throw tooLarge(
          "This change needs somebody's consent, but is too large to be stored while it waits"
              + " for the consent.");
    }
    try (Secret change = Secret.takingOver(bytes)) {
      store.insert(
          approval,
          sealer.seal(
              change, KeyBinding.ofWaitingChange(approval.id().value(), approval.service())));
    }
    log.recordChange(
        AuditAction.APPROVAL_ASK,
        AuditTargets.approval(approval),
        approval.fields(),
        approval.terms());
    return new Refusal.Waiting(approval.id().value(), approval.missing(), approval.until());
  }

  /**
   * Whether a change that waits is the change that the same user asks for now, so that it need not
   * lapse. A change with a new key is never the same, because a key is sealed anew each time.
   *
   * @param image the image of the change that the user asks for now
   */
  private boolean isTheSame(Approval standing, Approval asked, String image) {
    return !standing.moved()
        && standing.version() == asked.version()
        && standing.kind() == asked.kind()
        && standing.byPerson() == asked.byPerson()
        && standing.needed() == asked.needed()
        && standing.fields().equals(asked.fields())
        && standing.terms().equals(asked.terms())
        && store
            .change(standing.id())
            .flatMap(
                change ->
                    sealer.open(
                        change,
                        KeyBinding.ofWaitingChange(standing.id().value(), standing.service())))
            .filter(secret -> lasting(text(secret), asked).equals(lasting(image, asked)))
            .isPresent();
  }

  /**
   * Returns an image without the times at which the change was asked for. The version of a new
   * share is such a time, too. The version of a share that exists already tells whether somebody
   * has changed the share since then.
   */
  private static String lasting(String image, Approval asked) {
    boolean isNewShare =
        asked.kind() == Approval.Kind.SHARE
            && asked.terms().stream()
                .anyMatch(term -> term.field().equals("role") && term.before().isEmpty());
    return (isNewShare ? TIMES_OF_NEW_SHARE : TIMES_OF_CHANGE).matcher(image).replaceAll("");
  }

  private static String text(Secret secret) {
    try (secret) {
      return secret.lend(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
  }

  private static int shownBytes(Approval approval) {
    return approval.terms().stream()
        .flatMap(term -> Stream.of(term.before(), term.after()))
        .flatMap(Optional::stream)
        .mapToInt(value -> value.getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }

  private static RefusedException tooLarge(String why) {
    return RefusedException.conflict("too_large_to_wait", why);
  }

  /**
   * Opens the sealed change. Empty if the change has ended or can't be opened.
   *
   * @throws MissingEncryptionKey if this node lacks the encryption key of the change
   */
  Optional<String> opened(Approval approval) {
    Optional<SealedValue> stored = store.change(approval.id());
    stored.ifPresent(sealer::demandKeyOf);
    return stored
        .flatMap(
            change ->
                sealer.open(
                    change, KeyBinding.ofWaitingChange(approval.id().value(), approval.service())))
        .map(ApprovalGate::text);
  }

  @Override
  public List<Instance.Ref> unconsented(UUID transfer) {
    return store.unconsented(transfer);
  }

  @Override
  public List<Instance.Ref> guardedOf(User.Id owner) {
    return store.guardedOf(owner, NAMED);
  }
}
