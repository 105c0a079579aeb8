package io.claviger.imports.litellm.rules;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The content that is read from a LiteLLM. Its texts may contain anything: none of them is known to
 * be valid before a rule has checked it.
 *
 * @param deployments the deployments in the database and in the file, the oldest first
 * @param credentials that deployments name
 * @param spoken which operations each key called, by the names of the models in LiteLLM
 * @param hidden counts of what has no counterpart, by what it is, such as {@code end users}
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
   * @param id names it for good; of the file, {@code config/} and its alias and number
   * @param alias the name by which callers of LiteLLM call it
   * @param parameters decrypted; what does not open is absent, and in {@code closed}
   * @param closed the names of parameters that the salt key does not open
   * @param inAccessGroups the names of the groups of models that contain it
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
   * Parameters that several deployments share by naming this credential.
   *
   * @param values decrypted; what does not open is absent, and in {@code closed}
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
   * @param spent since the last reset
   * @param duration after which the budget resets, such as {@code 30d}
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

    /** Returns these terms with another amount spent. */
    public OldTerms with(BigDecimal used) {
      return new OldTerms(
          tokensPerMinute, requestsPerMinute, atATime, budget, used, duration, resetsAt);
    }

    /** Returns these terms, completed by those of a shared budget. */
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
   * @param role there, such as {@code proxy_admin}
   * @param bounds the limits that Claviger cannot express, named by what they limit
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
   * @param organization whether it is an organization; a team and an organization may have the same
   *     id
   * @param within the organization that a team belongs to
   * @param hasAliases whether there are names of models that only its callers use
   * @param bounds the limits that Claviger cannot express, named by what they limit
   * @param extras what else it has that has no counterpart
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
    /** The name under which the journal records it. */
    public String name() {
      return (organization ? "organization/" : "team/") + id;
    }

    /** The organization that a team belongs to, by its {@link #name}. */
    public Optional<String> parent() {
      return within.map(of -> "organization/" + of);
    }
  }

  /**
   * A member of a team or organization.
   *
   * @param group {@link OldGroup#name}
   * @param manages whether the member administers it
   * @param ownTerms whether the member has limits of their own in it
   */
  public record OldMember(String group, String user, boolean manages, boolean ownTerms) {
    boolean ofOrganization() {
      return group.startsWith("organization/");
    }
  }

  /**
   * A virtual key.
   *
   * @param token the SHA-256 of the key's text in hexadecimal, or what LiteLLM stores in its place
   * @param shown the first and last characters of the text, as LiteLLM shows them
   * @param hasAliases whether there are names of models that only its callers use
   * @param bounds the limits that Claviger cannot express, named by what they limit
   * @param extras what else it has that has no counterpart
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

  /** The format in which a key called a model of LiteLLM. */
  public record Spoken(String format, String model) {
    /**
     * The format of a call.
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
