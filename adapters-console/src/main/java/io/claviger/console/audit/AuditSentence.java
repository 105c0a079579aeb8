package io.claviger.console.audit;

import io.claviger.console.page.Part;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A sentence that describes an event, such as "mira lent mira/claude to @nlp-lab as reader, $20 a
 * month".
 *
 * @param parts the pieces of the sentence, including the spaces between them
 */
public record AuditSentence(List<Part> parts) {
  /** The maximum number of changed fields that a sentence names. */
  private static final int MOST_NAMED = 3;

  private static final Pattern NAMES = Pattern.compile("[@#]");
  private static final Pattern SECONDS = Pattern.compile("T([0-9]{2}:[0-9]{2}):[0-9.]+Z");
  private static final Pattern DOLLARS =
      Pattern.compile("([0-9][0-9.]*) usd/(hour|day|week|month|year)( .*)?");

  public AuditSentence {
    parts = List.copyOf(parts);
  }

  /**
   * The words with which a sentence describes an action.
   *
   * @param attempt the form of the verb that follows "tried to"
   * @param done the past tense of the verb
   * @param rest the end of the sentence, in which {@code @} stands for the target and {@code #} for
   *     the grantee
   */
  private record Phrase(String attempt, String done, String rest) {}

  static AuditSentence of(AuditEvent event) {
    Optional<Phrase> switched = switched(event);
    Phrase phrase = switched.orElseGet(() -> phrase(event));
    boolean done = event.outcome() == AuditOutcome.DONE;
    List<Part> parts = new ArrayList<>();
    parts.add(actor(event));
    parts.add(Part.plain(done ? " " + phrase.done() + " " : " tried to " + phrase.attempt() + " "));
    Matcher names = NAMES.matcher(phrase.rest());
    int end = 0;
    while (names.find()) {
      parts.add(Part.plain(phrase.rest().substring(end, names.start())));
      parts.add(
          names.group().equals("@")
              ? name(event.target().ref(), "(no name)")
              : name(event.grantee().orElse(""), "somebody"));
      end = names.end();
    }
    parts.add(Part.plain(phrase.rest().substring(end)));
    parts.add(
        switch (event.outcome()) {
          case DONE -> Part.plain(switched.isPresent() ? "" : what(event));
          case REFUSED -> Part.plain(" and was refused");
          case FAILED -> Part.plain(", which failed");
        });
    return new AuditSentence(parts.stream().filter(part -> !part.text().isEmpty()).toList());
  }

  /** The words for an event that only enabled or disabled a service; empty for any other event. */
  private static Optional<Phrase> switched(AuditEvent event) {
    if (event.action() != AuditAction.SERVICE_UPDATE
        || event.terms().size() != 1
        || !event.fields().equals(List.of("enabled"))) {
      return Optional.empty();
    }
    AuditEvent.Term only = event.terms().getFirst();
    return only.field().equals("enabled")
        ? only.after()
            .map(
                on ->
                    on.equals("true")
                        ? new Phrase("enable", "enabled", "@")
                        : new Phrase("disable", "disabled", "@"))
        : Optional.empty();
  }

  private static String what(AuditEvent event) {
    return event.action().namesGrantee() ? terms(event) : changes(event);
  }

  String text() {
    return parts.stream().map(Part::text).collect(Collectors.joining());
  }

  private static Part actor(AuditEvent event) {
    return event
        .actorHandle()
        .map(handle -> Part.name(handle.value()))
        .orElseGet(
            () ->
                switch (event.address()) {
                  case AuditEvent.COMMAND_LINE -> Part.plain("The operator");
                  case AuditEvent.UPKEEP -> Part.plain("Claviger");
                  case AuditEvent.IDENTITY_PROVIDER -> Part.plain("The identity provider");
                  default -> Part.plain("Somebody unknown");
                });
  }

  private static Part name(String text, String without) {
    return text.isEmpty() ? Part.plain(without) : Part.name(text);
  }

  /** Returns the values that apply after the event, as far as a sentence has room for them. */
  private static String terms(AuditEvent event) {
    List<AuditEvent.Term> present =
        event.terms().stream().filter(term -> term.after().isPresent()).toList();
    List<String> said =
        present.stream().flatMap(term -> words(term, term.after().orElseThrow()).stream()).toList();
    int left = present.size() - said.size();
    return (said.isEmpty() ? "" : " " + String.join(", ", said))
        + (left > 0 ? " and " + left + (left == 1 ? " more term" : " more terms") : "");
  }

  /**
   * Returns the names of up to {@value #MOST_NAMED} changed fields, and the number of further
   * changed fields.
   */
  private static String changes(AuditEvent event) {
    if (event.action() == AuditAction.BUDGET_RAISE_CREATE) {
      return event.terms().stream().map(AuditSentence::raise).collect(Collectors.joining());
    }
    if (event.terms().isEmpty()) {
      return "";
    }
    // The audit trail does not contain the values of some fields, such as headers.
    Stream<String> changed =
        Stream.concat(event.terms().stream().map(AuditEvent.Term::field), event.fields().stream());
    List<String> names = changed.map(AuditSentence::nameOf).distinct().toList();
    int left = names.size() - MOST_NAMED;
    return ": "
        + names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
        + (left > 0 ? " and " + left + " more" : "");
  }

  private static String raise(AuditEvent.Term term) {
    String value = term.after().orElse("");
    return switch (term.field()) {
      case "amount" -> " by " + (value.endsWith(" usd") ? "$" + value.replace(" usd", "") : value);
      case "until" -> " until " + minute(value);
      default -> "";
    };
  }

  /**
   * Returns the name that pages show for a field of the API. The name of a nested field contains a
   * slash.
   */
  static String nameOf(String field) {
    int slash = field.indexOf('/');
    String name = field.substring(slash + 1).replace('_', ' ');
    return switch (field.substring(0, Math.max(slash, 0))) {
      case "pooled_limits" -> name + " of all together";
      case "limits_in_all" -> name + " of all callers together";
      case "provider_limits" -> name + " that the provider allows";
      case "credential" -> "credential";
      default -> field.equals("budgets_in_all") ? "budgets of all callers together" : name;
    };
  }

  private static Optional<String> words(AuditEvent.Term term, String after) {
    return switch (term.field()) {
      case "role" -> {
        Optional<String> other = term.before().filter(before -> !before.equals(after));
        yield Optional.of("as " + after + other.map(before -> " instead of " + before).orElse(""));
      }
      case "expires_at" -> Optional.of("until " + minute(after));
      case "limits/models" -> Optional.of("only some models");
      case "limits/requests_per_minute" -> Optional.of(after + " requests a minute");
      case "limits/tokens_per_minute" -> Optional.of(after + " tokens a minute");
      case "limits/concurrent_calls" -> Optional.of(after + " calls at a time");
      case "limits/budgets" -> Optional.of(budgets(after));
      case "pooled_limits/budgets" -> Optional.of(budgets(after) + " together");
      default -> Optional.empty();
    };
  }

  /** A stored time, without the seconds. */
  private static String minute(String time) {
    return SECONDS.matcher(time).replaceFirst(" $1 UTC");
  }

  private static String budgets(String listed) {
    return Pattern.compile(", ")
        .splitAsStream(listed)
        .map(
            budget -> {
              Matcher dollars = DOLLARS.matcher(budget);
              return dollars.matches()
                  ? "$%s a%s %s"
                      .formatted(
                          dollars.group(1),
                          dollars.group(2).equals("hour") ? "n" : "",
                          dollars.group(2))
                  : budget;
            })
        .collect(Collectors.joining(" and "));
  }

  private static Phrase phrase(AuditEvent event) {
    return event.action() instanceof AuditAction known
        ? phrase(known)
        : new Phrase("do", "did", "something to @ that this version does not know");
  }

  private static Phrase phrase(AuditAction action) {
    return switch (action) {
      case SERVICE_CREATE -> new Phrase("register", "registered", "@");
      case SERVICE_UPDATE -> new Phrase("change", "changed", "@");
      case SERVICE_DELETE -> new Phrase("delete", "deleted", "the service @");
      case SERVICE_SHARE -> new Phrase("lend", "lent", "@ to #");
      case SERVICE_UNSHARE -> new Phrase("end", "ended", "the loan of @ to #");
      case SERVICE_TRANSFER -> new Phrase("transfer", "transferred", "the service @");
      case SERVICE_KEY_SET -> new Phrase("store", "stored", "the key of @");
      case SERVICE_KEY_CLEAR -> new Phrase("remove", "removed", "the key of @");
      case SERVICE_CREDENTIAL_CONFIRM ->
          new Phrase("confirm", "confirmed", "where the credential of @ is used");
      case USER_CREATE -> new Phrase("add", "added", "the user @");
      case USER_UPDATE -> new Phrase("change", "changed", "the user @");
      case USER_DELETE -> new Phrase("delete", "deleted", "the user @");
      case GROUP_CREATE -> new Phrase("create", "created", "the group @");
      case GROUP_UPDATE -> new Phrase("change", "changed", "the group @");
      case GROUP_DELETE -> new Phrase("delete", "deleted", "the group @");
      case GROUP_MEMBER_ADD -> new Phrase("add", "added", "# to the group @");
      case GROUP_MEMBER_UPDATE ->
          new Phrase("change", "changed", "the membership of # in the group @");
      case GROUP_MEMBER_REMOVE -> new Phrase("remove", "removed", "# from the group @");
      case USER_SIGN_IN -> new Phrase("sign in", "signed in", "as @");
      case USER_SUSPEND -> new Phrase("suspend", "suspended", "the user @");
      case USER_RESUME -> new Phrase("reinstate", "reinstated", "the user @");
      case IDENTITY_LINK -> new Phrase("link", "linked", "an identity to @");
      case IDENTITY_UNLINK -> new Phrase("unlink", "unlinked", "an identity from @");
      case SESSION_START -> new Phrase("start", "started", "a session as @");
      case SESSION_END -> new Phrase("end", "ended", "a session of @");
      case SIGN_IN_LINK_CREATE -> new Phrase("create", "created", "a sign-in link for @");
      case TOKEN_CREATE -> new Phrase("create", "created", "an access token for @");
      case TOKEN_DELETE -> new Phrase("revoke", "revoked", "an access token of @");
      case TOKEN_REJECTED -> new Phrase("call", "called", "with an access token that is not valid");
      case TOKEN_BOUND ->
          new Phrase("present", "presented", "a bound access token of @ where it is not accepted");
      case TOKEN_LEAKED ->
          new Phrase("report", "reported", "a leaked access token of @, ending it");
      case TOKEN_EXCHANGE -> new Phrase("exchange", "exchanged", "a JWT for an access token of @");
      case TRUSTED_ISSUER_CREATE -> new Phrase("add", "added", "the trusted issuer @");
      case TRUSTED_ISSUER_UPDATE -> new Phrase("change", "changed", "the trusted issuer @");
      case TRUSTED_ISSUER_DELETE -> new Phrase("delete", "deleted", "the trusted issuer @");
      case SCIM_TOKEN_CREATE -> new Phrase("make", "made", "the SCIM token @");
      case SCIM_TOKEN_DELETE -> new Phrase("end", "ended", "the SCIM token @");
      case TRUST_CREATE -> new Phrase("create", "created", "the trust @");
      case TRUST_UPDATE -> new Phrase("change", "changed", "the trust @");
      case TRUST_DELETE -> new Phrase("delete", "deleted", "the trust @");
      case TOKEN_NARROW -> new Phrase("create", "created", "a narrower access token for @");
      case TOKEN_REFRESH -> new Phrase("refresh", "refreshed", "an access token of @");
      case DEVICE_APPROVE -> new Phrase("approve", "approved", "the sign-in of a device for @");
      case DEVICE_DENY -> new Phrase("deny", "denied", "the sign-in of a device for @");
      case DEFINITION_CREATE -> new Phrase("create", "created", "the definition @");
      case DEFINITION_UPDATE -> new Phrase("change", "changed", "the definition @");
      case DEFINITION_DELETE -> new Phrase("delete", "deleted", "the definition @");
      case DEFINITION_SHARE -> new Phrase("share", "shared", "the definition @ with #");
      case DEFINITION_UNSHARE -> new Phrase("stop", "stopped", "sharing the definition @ with #");
      case PROJECT_CREATE -> new Phrase("create", "created", "the project @");
      case PROJECT_UPDATE -> new Phrase("change", "changed", "the project @");
      case PROJECT_DELETE -> new Phrase("delete", "deleted", "the project @");
      case PROJECT_SHARE -> new Phrase("share", "shared", "the project @ with #");
      case PROJECT_UNSHARE -> new Phrase("stop", "stopped", "sharing the project @ with #");
      case PROJECT_TRANSFER -> new Phrase("transfer", "transferred", "the project @");
      case TRANSFER_OFFER -> new Phrase("offer", "offered", "a transfer to @");
      case TRANSFER_ACCEPT -> new Phrase("accept", "accepted", "a transfer to @");
      case TRANSFER_DECLINE -> new Phrase("decline", "declined", "a transfer to @");
      case TRANSFER_WITHDRAW -> new Phrase("withdraw", "withdrew", "a transfer to @");
      case REQUEST_ASK -> new Phrase("ask", "asked", "to borrow @");
      case REQUEST_GRANT -> new Phrase("grant", "granted", "the request for @");
      case REQUEST_DECLINE -> new Phrase("decline", "declined", "the request for @");
      case REQUEST_WITHDRAW -> new Phrase("withdraw", "withdrew", "the request for @");
      case REQUEST_MUTE -> new Phrase("change", "changed", "from whom requests are accepted: @");
      case APPROVAL_ASK -> new Phrase("ask", "asked", "others to consent to a change of @");
      case APPROVAL_APPROVE -> new Phrase("consent", "consented", "to a change of @");
      case APPROVAL_DECLINE -> new Phrase("decline", "declined", "a change of @");
      case APPROVAL_LAPSE -> new Phrase("give up", "gave up", "a waiting change of @");
      case REVIEW_START -> new Phrase("start", "started", "an access review of @");
      case REVIEW_KEEP -> new Phrase("confirm", "confirmed", "# in a review of @");
      case REVIEW_END -> new Phrase("end", "ended", "what # had, in a review of @");
      case STANDARD_CREATE -> new Phrase("create", "created", "the API standard @");
      case STANDARD_UPDATE -> new Phrase("change", "changed", "the API standard @");
      case STANDARD_DELETE -> new Phrase("delete", "deleted", "the API standard @");
      case PROVIDER_CREATE -> new Phrase("create", "created", "the provider @");
      case PROVIDER_UPDATE -> new Phrase("change", "changed", "the provider @");
      case PROVIDER_DELETE -> new Phrase("delete", "deleted", "the provider @");
      case MODEL_CREATE -> new Phrase("add", "added", "the model @");
      case MODEL_UPDATE -> new Phrase("change", "changed", "the model @");
      case MODEL_DELETE -> new Phrase("delete", "deleted", "the model @");
      case MODEL_RESTORE -> new Phrase("restore", "restored", "the model @");
      case USER_KEY_CREATE -> new Phrase("store", "stored", "a key of their own for @");
      case USER_KEY_UPDATE -> new Phrase("replace", "replaced", "a key of their own for @");
      case USER_KEY_DELETE -> new Phrase("delete", "deleted", "a user's own key for @");
      case WEBHOOK_CREATE -> new Phrase("create", "created", "the webhook of @");
      case WEBHOOK_UPDATE -> new Phrase("change", "changed", "the webhook of @");
      case WEBHOOK_DELETE -> new Phrase("delete", "deleted", "the webhook of @");
      case BUDGET_RAISE_CREATE -> new Phrase("raise", "raised", "a budget");
      case BUDGET_RAISE_DELETE -> new Phrase("end", "ended", "the raise of a budget");
      case DEFAULT_CREATE -> new Phrase("choose", "chose", "the default service of @");
      case DEFAULT_UPDATE -> new Phrase("change", "changed", "the default service of @");
      case DEFAULT_DELETE -> new Phrase("remove", "removed", "the default service of @");
      case BARE_NAMES_CREATE ->
          new Phrase("allow", "allowed", "the names of models without a service for @");
      case BARE_NAMES_DELETE ->
          new Phrase("disallow", "disallowed", "the names of models without a service for @");
      case PRICE_CREATE -> new Phrase("set", "set", "the price @");
      case PRICE_UPDATE -> new Phrase("change", "changed", "the price @");
      case PRICE_DELETE -> new Phrase("delete", "deleted", "the price @");
      case BILLING_PUT -> new Phrase("store", "stored", "the billing key of @");
      case BILLING_DELETE -> new Phrase("delete", "deleted", "the billing key of @");
      case INVOICE_CREATE -> new Phrase("enter", "entered", "an invoice of @");
      case INVOICE_UPDATE -> new Phrase("change", "changed", "an invoice of @");
      case INVOICE_DELETE -> new Phrase("delete", "deleted", "an invoice of @");
      case OBJECT_CREATE -> new Phrase("make", "made", "an object at the provider: @");
      case OBJECT_DELETE -> new Phrase("delete", "deleted", "an object at the provider: @");
      case OBJECT_SHARE ->
          new Phrase("change", "changed", "who may use an object at the provider: @");
      case CONNECTION_END -> new Phrase("end", "ended", "a WebSocket of @");
      case ENCRYPTION_KEY_CREATE -> new Phrase("create", "created", "the encryption key @");
      case ENCRYPTION_KEY_UPDATE -> new Phrase("change", "changed", "the encryption key @");
      case ENCRYPTION_KEY_DELETE -> new Phrase("delete", "deleted", "the encryption key @");
      case ISSUER_KEY_CREATE -> new Phrase("create", "created", "the issuer's key @");
      case ISSUER_KEY_UPDATE -> new Phrase("start", "started", "signing with the issuer's key @");
      case ISSUER_KEY_DELETE -> new Phrase("delete", "deleted", "the issuer's key @");
      case AUDIT_KEY_DELETE -> new Phrase("delete", "deleted", "the key of the audit trail");
      case RETENTION_UPDATE ->
          new Phrase("change", "changed", "for how long usage and the audit trail are kept");
      case USAGE_CREATE -> new Phrase("import", "imported", "usage in another system: @");
      case USAGE_DELETE -> new Phrase("delete", "deleted", "the usage of @");
      case AUDIT_DELETE -> new Phrase("delete", "deleted", "the audit events of @");
      case AUDIT_EXPORT -> new Phrase("export", "exported", "the audit trail");
      case GATEWAY_KEY_UNUSABLE -> new Phrase("use", "used", "the unusable key of @");
    };
  }
}
