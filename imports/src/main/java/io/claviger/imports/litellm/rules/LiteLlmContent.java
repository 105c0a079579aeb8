package io.claviger.imports.litellm.rules;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The content of a LiteLLM installation, as far as the import reads it. Its texts may contain
 * anything until a rule has checked them.
 *
 * @param deployments the deployments in the database and in the file; the oldest comes first
 * @param credentials the credentials to which deployments refer, by the names of the credentials
 * @param spoken the formats and models with which each key has made calls; the models have the
 *     names that LiteLLM uses
 * @param hidden how many things have no counterpart in Claviger, by the words for their kind, such
 *     as {@code end users}
 */
public record LiteLlmContent(
    List<OldDeployment> deployments,
    Map<String, OldCredential> credentials,
    List<OldUser> users,
    List<OldGroup> groups,
    List<OldMember> members,
    List<OldKey> keys,
    Map<String, OldTerms> budgets,
    Map<String, List<String>> accessGroups,
    Map<String, Set<Spoken>> spoken,
    Map<String, Long> hidden) {

  /**
   * A model that LiteLLM calls at a certain provider: a row in LiteLLM's table of models, or an
   * entry in LiteLLM's configuration file.
   *
   * @param id the id of the model, which does not change; for an entry in the file, it consists of
   *     {@code config/}, the alias and a number
   * @param alias the name by which callers call the model in LiteLLM
   * @param parameters the decrypted parameters; parameters that can't be decrypted are missing
   *     here, and are named in {@code closed}
   * @param closed the names of those parameters that the salt key does not decrypt
   * @param inAccessGroups the names of the groups of models to which the model belongs
   * @param ofTeam whether only the members of one team may call the model
   */
  public record OldDeployment(
      String id,
      String alias,
      Map<String, String> parameters,
      Set<String> closed,
      Set<String> inAccessGroups,
      boolean ofTeam,
      boolean blocked) {
    /** Does not show the parameters, which may be secrets. */
    @Override
    public String toString() {
      return "OldDeployment[" + id + "]";
    }
  }

  /**
   * Parameters to which several deployments can refer.
   *
   * @param values the decrypted values; values that can't be decrypted are missing here, and are
   *     named in {@code closed}
   */
  public record OldCredential(Map<String, String> values, Set<String> closed) {
    /** Does not show the values, which are secrets. */
    @Override
    public String toString() {
      return "OldCredential[hidden]";
    }
  }

  /**
   * Limits in the form in which LiteLLM has them.
   *
   * @param spent the amount in dollars that was spent since the budget was last reset
   * @param duration the time after which the budget is reset, such as {@code 30d}
   */
  public record OldTerms(
      Optional<Long> tokensPerMinute,
      Optional<Long> requestsPerMinute,
      Optional<Long> atATime,
      Optional<BigDecimal> budget,
      BigDecimal spent,
      Optional<String> duration,
      Optional<Instant> resetsAt) {
    public static final OldTerms NONE =
        new OldTerms(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            BigDecimal.ZERO,
            Optional.empty(),
            Optional.empty());

    /** Returns the same limits, but with another spent amount. */
    public OldTerms with(BigDecimal used) {
      return new OldTerms(
          tokensPerMinute, requestsPerMinute, atATime, budget, used, duration, resetsAt);
    }

    /**
     * Returns these limits. Each absent limit is replaced by the corresponding limit of a shared
     * budget.
     */
    public OldTerms orElse(OldTerms others) {
      boolean own = budget.isPresent();
      return new OldTerms(
          tokensPerMinute.or(others::tokensPerMinute),
          requestsPerMinute.or(others::requestsPerMinute),
          atATime.or(others::atATime),
          budget.or(others::budget),
          spent,
          own ? duration : duration.or(others::duration),
          own ? resetsAt : resetsAt.or(others::resetsAt));
    }
  }

  /**
   * @param role the role that the user has in LiteLLM, such as {@code proxy_admin}
   * @param bounds words for those limits that Claviger does not support
   */
  public record OldUser(
      String id,
      Optional<String> alias,
      Optional<String> email,
      Optional<String> role,
      List<String> models,
      OldTerms terms,
      Set<String> bounds) {}

  /**
   * A team or an organization of LiteLLM.
   *
   * @param organization whether the group is an organization and not a team; a team may have the
   *     same id as an organization
   * @param within the organization to which the team belongs; empty if there is none
   * @param hasAliases whether the group has names of models that only callers in this group use
   * @param bounds words for those limits that Claviger does not support
   * @param extras words for other things that the group has and that Claviger does not support
   */
  public record OldGroup(
      boolean organization,
      String id,
      Optional<String> within,
      Optional<String> alias,
      List<String> models,
      boolean hasAliases,
      boolean blocked,
      OldTerms terms,
      Set<String> bounds,
      Set<String> extras) {
    /** Returns the name by which the journal of imports records the group. */
    public String name() {
      return (organization ? "organization/" : "team/") + id;
    }

    /**
     * Returns the {@link #name} of the organization to which a team belongs; empty if it belongs to
     * no organization.
     */
    public Optional<String> parent() {
      return within.map(of -> "organization/" + of);
    }
  }

  /**
   * A member of a team or organization of LiteLLM.
   *
   * @param group {@link OldGroup#name}
   * @param manages whether the member is an administrator of the group
   * @param ownTerms whether the member has limits in the group that apply only to this member
   */
  public record OldMember(String group, String user, boolean manages, boolean ownTerms) {
    boolean ofOrganization() {
      return group.startsWith("organization/");
    }
  }

  /**
   * A virtual key.
   *
   * @param token the SHA-256 of the key's text in hexadecimal, or whatever other text the row
   *     contains in its place
   * @param shown the first and the last characters of the key's text, in the form in which LiteLLM
   *     shows them
   * @param hasAliases whether the key has names of models that only callers with this key use
   * @param bounds words for those limits that Claviger does not support
   * @param extras words for other things that the key has and that Claviger does not support
   */
  public record OldKey(
      String token,
      Optional<String> shown,
      Optional<String> alias,
      Optional<String> user,
      Optional<String> team,
      Optional<String> organization,
      List<String> models,
      boolean hasAliases,
      Optional<String> budget,
      boolean blocked,
      Optional<Instant> expires,
      boolean dashboard,
      OldTerms terms,
      Set<String> bounds,
      Set<String> extras) {}

  /** A format that calls have used, and the model of LiteLLM with which they used it. */
  public record Spoken(String format, String model) {
    /**
     * Returns the format that a call has used.
     *
     * @param path the path of the request, or LiteLLM's name for the operation
     * @return the format; empty if no format has such an operation
     */
    public static Optional<String> formatOf(String path) {
      if (path.contains("messages")) {
        return Optional.of("anthropic");
      }
      if (path.contains("enerateContent") || path.contains("enerate_content")) {
        return Optional.of("gemini");
      }
      return path.contains("pass_through") || path.contains("mcp")
          ? Optional.empty()
          : Optional.of("openai");
    }
  }
}
