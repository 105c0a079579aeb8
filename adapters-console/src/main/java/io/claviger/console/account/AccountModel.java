package io.claviger.console.account;

import io.claviger.console.page.FormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page of the viewer's own account.
 *
 * @param identity the account at the identity provider; null where there is none
 * @param serviceAccounts the first of those for which the viewer is responsible
 * @param ownKeys services that use keys of their callers
 */
public record AccountModel(
    List<Fact> facts,
    Tokens tokens,
    Default defaultService,
    List<OwnKey> ownKeys,
    ServiceAccountsModel serviceAccounts,
    List<SessionLine> sessions,
    @Nullable IdentitySection identity) {
  public AccountModel {
    facts = List.copyOf(facts);
    ownKeys = List.copyOf(ownKeys);
    sessions = List.copyOf(sessions);
  }

  public record Fact(String term, String value) {}

  /**
   * Access tokens of one user.
   *
   * @param path the path of the page that shows them, below which forms are sent
   * @param mayMake whether the viewer makes another one here
   * @param fresh the text of a token that was just created; null if none was
   * @param next the address of the page with more of them, if there are any
   */
  public record Tokens(
      String path,
      boolean mayMake,
      List<TokenLine> lines,
      @Nullable String next,
      @Nullable String fresh,
      FormState form) {
    public Tokens {
      lines = List.copyOf(lines);
    }

    @Override
    public String toString() {
      return "Tokens[" + lines.size() + "]";
    }
  }

  /**
   * One access token.
   *
   * @param only the only service or project that it works for; null if it works for all
   * @param lastUsedAt null if it never was (ISO 8601, as the others)
   * @param presented whether this session began with it, and ends when it is revoked
   */
  public record TokenLine(
      String id,
      String name,
      String scope,
      @Nullable String only,
      String createdAt,
      @Nullable String expiresAt,
      @Nullable String lastUsedAt,
      boolean presented) {}

  /**
   * The default service.
   *
   * @param service null if there is none
   * @param own whether the viewer chose it
   */
  public record Default(@Nullable String service, boolean own, FormState form) {}

  /** A service that uses keys of its callers. */
  public record OwnKey(String service, String path) {}

  /**
   * A browser in which the viewer is signed in.
   *
   * @param current whether the viewer acts with this token
   */
  public record SessionLine(
      String id,
      String browser,
      String address,
      String signedInAt,
      String seenAt,
      boolean current) {}

  /**
   * The viewer's account at the identity provider.
   *
   * @param issuer null while none is linked
   * @param leftOut sentences about groups that the identity provider names, and that the viewer did
   *     not join here
   */
  public record IdentitySection(@Nullable String issuer, List<String> leftOut) {
    public IdentitySection {
      leftOut = List.copyOf(leftOut);
    }
  }
}
