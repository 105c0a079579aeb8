package io.claviger.imports.litellm.rules;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The content of a LiteLLM that is read. The texts may be anything until a rule has checked them.
 *
 * @param deployments the deployments in the database and in the file, the oldest first
 * @param credentials the credentials to which deployments refer, by their names
 * @param spoken the formats and models that each key called, with LiteLLM's names of the models
 * @param hidden how many things have no counterpart in Claviger, by words for their kind, such as
 *     {@code end users}
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
   * A model that LiteLLM calls somewhere: a row of its models, or an entry of its file.
   *
   * @param id the lasting id of the model; for an entry of the file, {@code config/} and its alias
   *     and number
   * @param alias the name that callers use for the model in LiteLLM
   * @param parameters the decrypted parameters; parameters that can't be decrypted are absent, and
   *     named in {@code closed}
   * @param closed the names of parameters that the salt key does not decrypt
   * @param inAccessGroups the names of the groups of models that contain the model
   */
  public record OldDeployment(
      String id,
      String alias,
      Map<String, String> parameters,
      Set<String> closed,
      Set<String> inAccessGroups,
      boolean blocked) {
    /** Hides the parameters, which may be secrets. */
    @Override
    public String toString() {
      return "OldDeployment[" + id + "]";
    }
  }

  /**
   * Parameters to which several deployments can refer.
   *
   * @param values the decrypted values; values that can't be decrypted are absent, and named in
   *     {@code closed}
   */
  public record OldCredential(Map<String, String> values, Set<String> closed) {
    /** Hides the values, which are secrets. */
    @Override
    public String toString() {
      return "OldCredential[hidden]";
    }
  }

  /**
   * Limits as LiteLLM has them.
   *
   * @param spent the amount that was spent since the last reset, in dollars
   * @param duration the time after which the budget resets, such as {@code 30d}
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

    /** Returns the same limits with another amount spent. */
    public OldTerms with(BigDecimal used) {
      return new OldTerms(
          tokensPerMinute, requestsPerMinute, atATime, budget, used, duration, resetsAt);
    }

    /** Returns these limits, completed by the limits of a shared budget. */
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
   * @param role the role in LiteLLM, such as {@code proxy_admin}
   * @param bounds words for limits that Claviger does not have
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
   * A team or an organization.
   *
   * @param organization whether the group is an organization; a team may have the same id as an
   *     organization
   * @param within the organization that a team belongs to
   * @param hasAliases whether the group has names of models that only its own callers use
   * @param bounds words for limits that Claviger does not have
   * @param extras words for other things that the group has and Claviger does not
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
    /** Returns the name of the group in the journal of imports. */
    public String name() {
      return (organization ? "organization/" : "team/") + id;
    }

    /**
     * Returns the {@link #name} of the organization to which a team belongs; empty if there is
     * none.
     */
    public Optional<String> parent() {
      return within.map(of -> "organization/" + of);
    }
  }

  /**
   * A member of a team or organization.
   *
   * @param group {@link OldGroup#name}
   * @param manages whether the member administers the group
   * @param ownTerms whether the member has limits of their own in the group
   */
  public record OldMember(String group, String user, boolean manages, boolean ownTerms) {
    boolean ofOrganization() {
      return group.startsWith("organization/");
    }
  }

  /**
   * A virtual key.
   *
   * @param token the SHA-256 of the key's text in hexadecimal, or any other text that the row has
   *     instead
   * @param shown the first and last characters of the text, as LiteLLM shows them
   * @param hasAliases whether the key has names of models that only its own callers use
   * @param bounds words for limits that Claviger does not have
   * @param extras words for other things that the key has and Claviger does not
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

  /** Which format calls used with which of LiteLLM's models. */
  public record Spoken(String format, String model) {
    /**
     * Returns the format of a call.
     *
     * @param path the path of the request, or LiteLLM's name of the operation
     * @return empty if no format has such a call
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
