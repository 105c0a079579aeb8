package io.claviger.application.accounts.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.instances.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The credentials that ended when everybody was locked out of a user's account.
 *
 * @param accessTokens the number of access tokens, including tokens of device sign-ins and narrower
 *     tokens
 * @param sessions the number of browsers that were signed in
 * @param identityIssuer the issuer of the identity that was unlinked
 * @param administratorByGroup whether a group of this identity made the user an administrator
 * @param deviceCodes the number of device sign-ins that the user had answered, but whose tokens had
 *     not been fetched yet
 * @param signInLinks the number of unused one-time links
 * @param pendingLinks the number of unfinished sign-ins at the identity provider that would have
 *     linked an identity
 * @param webhook whether the user's webhook was deleted
 * @param apiKeys the number of deleted keys that the user had stored for services
 * @param changes the service changes that the user had requested and that were waiting for consent
 * @param consents the number of withdrawn consents of the user to other users' waiting changes
 */
public record EndedCredentials(
    int accessTokens,
    int sessions,
    Optional<String> identityIssuer,
    boolean administratorByGroup,
    int deviceCodes,
    int signInLinks,
    int pendingLinks,
    boolean webhook,
    int apiKeys,
    List<LapsedChange> changes,
    int consents) {
  public static final EndedCredentials NONE =
      new EndedCredentials(0, 0, Optional.empty(), false, 0, 0, 0, false, 0, List.of(), 0);

  public EndedCredentials {
    changes = List.copyOf(changes);
  }

  /**
   * A change that the user had requested for a service, and that has lapsed. {@code owner} owned
   * the service when the change was requested. If the service was transferred since then, {@code
   * service} is the name that it had.
   */
  public record LapsedChange(Approval.Id id, Instance.Ref service, User.Id owner) {}

  public EndedCredentials withApiKeys(int deleted) {
    return new EndedCredentials(
        accessTokens,
        sessions,
        identityIssuer,
        administratorByGroup,
        deviceCodes,
        signInLinks,
        pendingLinks,
        webhook,
        deleted,
        changes,
        consents);
  }

  /** Returns the audit trail's names for the kinds of credentials that ended. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    add(names, "access_tokens", accessTokens);
    add(names, "sessions", sessions);
    add(names, "identity", identityIssuer.isPresent() ? 1 : 0);
    add(names, "device_codes", deviceCodes);
    add(names, "sign_in_links", signInLinks);
    add(names, "pending_links", pendingLinks);
    add(names, "webhook", webhook ? 1 : 0);
    add(names, "api_keys", apiKeys);
    add(names, "waiting_changes", changes.size());
    add(names, "consents", consents);
    return List.copyOf(names);
  }

  public String sentence() {
    List<String> parts = new ArrayList<>();
    count(parts, accessTokens, "access token");
    count(parts, sessions, "session");
    identityIssuer.ifPresent(issuer -> parts.add("the link to the identity at " + issuer));
    count(parts, deviceCodes, "device sign-in whose token was not fetched yet");
    count(parts, signInLinks, "one-time link");
    count(parts, pendingLinks, "attempt to link an identity");
    if (webhook) {
      parts.add("the webhook");
    }
    count(parts, apiKeys, "key of the user's own for a service");
    count(parts, changes.size(), "change that waited for consent");
    count(parts, consents, "consent to a change of somebody else");
    return parts.isEmpty()
        ? "Nothing had to be ended."
        : "This has ended: " + String.join(", ", parts) + ".";
  }

  private static void count(List<String> parts, int count, String what) {
    if (count > 0) {
      parts.add(count == 1 ? "1 " + what : "%d × %s".formatted(count, what));
    }
  }

  private static void add(List<String> names, String name, int count) {
    if (count > 0) {
      names.add(name);
    }
  }
}
