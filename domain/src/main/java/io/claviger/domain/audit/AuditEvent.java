package io.claviger.domain.audit;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.sessions.Session;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * One event of the audit trail.
 *
 * @param fields the names of the changed fields, or the code of the refusal, but never a value. In
 *     events about shares and members, the first entry is the grantee or the member
 * @param terms for an event about a share or membership, its terms before and after the change; for
 *     other changes, the values that differ. The terms contain no secrets
 * @param count the number of attempts that this event summarizes
 * @param link the event's place in the chain; empty until the event is sealed, about a second after
 *     it is recorded
 */
public record AuditEvent(
    UUID id,
    Instant at,
    Source source,
    Action action,
    AuditTarget target,
    AuditOutcome outcome,
    List<String> fields,
    List<Term> terms,
    int count,
    Optional<ChainLink> link) {
  /** The action that somebody took or tried to take. */
  public sealed interface Action permits AuditAction, OtherAction {
    /** Returns the name that is stored and shown, such as {@code service.key_set}. */
    String wireName();

    /**
     * Whether the first entry in the {@code fields} of an event with this action names a user or a
     * group.
     */
    boolean namesGrantee();
  }

  /**
   * An action that this version does not know. An unknown action occurs only in stored events: a
   * node of another version recorded the event, or somebody inserted it directly into the database.
   */
  public record OtherAction(String wireName) implements Action {
    @Override
    public boolean namesGrantee() {
      return false;
    }
  }

  /**
   * The source of the attempt: the user, the credentials and the address.
   *
   * @param actor the user; empty if the operator ran a command, or if no user is known, for example
   *     if a token was rejected
   * @param session the session that the actor used; empty if there is none
   * @param presentedSubject the subject of the JWT for which the token was issued; empty if the
   *     token was not issued for a JWT
   * @param address the caller's address, {@link #COMMAND_LINE}, {@link #UPKEEP} or {@link
   *     #IDENTITY_PROVIDER}
   */
  public record Source(
      Optional<User.Id> actor,
      Optional<Handle> actorHandle,
      Optional<AccessToken.Id> token,
      Optional<Session.Id> session,
      Optional<String> presentedSubject,
      String address,
      String requestId) {

    /** Creates the source of an attempt whose actor is not known. */
    public static Source unknown(String address, String requestId) {
      return of(Optional.empty(), Optional.empty(), address, requestId);
    }

    /**
     * Returns the source with only the actor and the address, so that sources with different
     * credentials can be compared.
     */
    public Source withoutCredentials() {
      return of(actor, actorHandle, address, requestId);
    }

    private static Source of(
        Optional<User.Id> actor, Optional<Handle> handle, String address, String requestId) {
      return new Source(
          actor, handle, Optional.empty(), Optional.empty(), Optional.empty(), address, requestId);
    }
  }

  /**
   * One changed value, such as a role, or one changed term of a share or membership.
   *
   * @param field the name in the API, such as {@code limits/requests_per_minute}
   * @param before the value before the change; empty if there was no value
   * @param after the value after the change; empty if there is no value
   */
  public record Term(String field, Optional<String> before, Optional<String> after) {
    /** The maximum number of characters of a value that {@link #of} and {@link #changed} keep. */
    public static final int LONGEST = 400;

    /**
     * The number of characters that are kept before the first difference if the beginning of a
     * value is cut off.
     */
    private static final int CONTEXT = 20;

    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}+");

    /**
     * Lists all terms with their values before and after the change, including terms that did not
     * change. The values are shortened as in {@link #changed}.
     */
    public static List<Term> of(Map<String, String> before, Map<String, String> after) {
      return all(before, after).stream().map(term -> term.with(Term::line)).map(Term::cut).toList();
    }

    private static List<Term> all(Map<String, String> before, Map<String, String> after) {
      Map<String, String> all = new LinkedHashMap<>(before);
      all.putAll(after);
      return all.keySet().stream()
          .map(
              field ->
                  new Term(
                      field,
                      Optional.ofNullable(before.get(field)),
                      Optional.ofNullable(after.get(field))))
          .toList();
    }

    /**
     * Lists the values that differ, each of them in one line and with at most {@value #LONGEST}
     * characters. The end of a longer value is left out; if the values differ only near the end,
     * the beginning is left out instead. The arguments must not contain secrets.
     */
    public static List<Term> changed(Map<String, String> before, Map<String, String> after) {
      return changedInFull(before, after).stream().map(Term::cut).toList();
    }

    /**
     * Lists the values that differ, each in one line and not shortened, for people who decide about
     * the change. The arguments must not contain secrets.
     */
    public static List<Term> changedInFull(Map<String, String> before, Map<String, String> after) {
      return all(before, after).stream()
          .filter(term -> !term.before().equals(term.after()))
          .map(term -> term.with(Term::line))
          .toList();
    }

    private Term with(UnaryOperator<String> value) {
      return new Term(field, before.map(value), after.map(value));
    }

    private Term cut() {
      int same = sameStart();
      return with(line -> brief(line, same));
    }

    private static String line(String text) {
      return CONTROLS.matcher(text).replaceAll(" ");
    }

    /**
     * Returns the number of characters at the beginning that both values have in common; 0 if the
     * values do not differ.
     */
    private int sameStart() {
      int[] one = before.orElse("").codePoints().toArray();
      int[] other = after.orElse("").codePoints().toArray();
      int different = Arrays.mismatch(one, other);
      return Math.max(0, different);
    }

    private static String brief(String line, int same) {
      int length = line.codePointCount(0, line.length());
      if (length <= LONGEST) {
        return line;
      }
      if (same < LONGEST - 1) {
        return line.substring(0, line.offsetByCodePoints(0, LONGEST - 1)) + "…";
      }
      int from = same - CONTEXT;
      int to = Math.min(length, from + LONGEST - 2);
      return "…"
          + line.substring(line.offsetByCodePoints(0, from), line.offsetByCodePoints(0, to))
          + (to < length ? "…" : "");
    }
  }

  /** The {@code address} of events that commands of the operator caused. */
  public static final String COMMAND_LINE = "command-line";

  /** The {@code address} of events that a node's periodic task caused. */
  public static final String UPKEEP = "upkeep";

  /** The {@code address} of events that an identity provider's answer caused. */
  public static final String IDENTITY_PROVIDER = "identity-provider";

  public AuditEvent {
    fields = List.copyOf(fields);
    terms = List.copyOf(terms);
    if (count < 1) {
      throw new IllegalArgumentException("an event must summarize at least one attempt");
    }
  }

  public Optional<User.Id> actor() {
    return source.actor();
  }

  public Optional<Handle> actorHandle() {
    return source.actorHandle();
  }

  public Optional<AccessToken.Id> token() {
    return source.token();
  }

  public Optional<Session.Id> session() {
    return source.session();
  }

  public Optional<String> presentedSubject() {
    return source.presentedSubject();
  }

  public String address() {
    return source.address();
  }

  public String requestId() {
    return source.requestId();
  }

  /**
   * Returns the holder of the share or membership that was given, changed, ended or confirmed: a
   * handle, or {@code @} and the handle of a group. The result is empty for all other events and
   * for refused attempts.
   */
  public Optional<String> grantee() {
    return outcome == AuditOutcome.DONE && action.namesGrantee()
        ? fields.stream().findFirst()
        : Optional.empty();
  }

  /** Creates the event of a single attempt by an operator or a node, and not by a user. */
  public static AuditEvent withoutActor(
      UUID id,
      Instant at,
      String address,
      String requestId,
      AuditAction action,
      AuditTarget target,
      AuditOutcome outcome,
      List<String> fields) {
    return new AuditEvent(
        id,
        at,
        Source.unknown(address, requestId),
        action,
        target,
        outcome,
        fields,
        List.of(),
        1,
        Optional.empty());
  }
}
