package io.claviger.imports.litellm.rules;

import io.claviger.domain.budgets.BudgetZone;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parts of a LiteLLM installation that the import reads. Texts can contain anything until a
 * rule has checked them.
 *
 * @param deployments the deployments in the database and in the file, oldest first
 * @param credentials the credentials that deployments reference, keyed by name
 * @param spoken the formats and models of each key's calls, with LiteLLM's names for the models
 * @param hidden the numbers of things without a counterpart in Claviger, keyed by the words for
 *     their kind, such as {@code end users}
 * @param shadowed the names of models that LiteLLM replaces by other names, in the calls of all
 *     keys
 * @param bounds the limits on all calls together, as reports name them; Claviger does not support
 *     such limits
 * @param zone the time zone in which budgets are reset
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
    Map<String, Long> hidden,
    Set<String> shadowed,
    Set<String> bounds,
    BudgetZone zone) {

  /** The words with which reports name a budget for all calls of all keys together. */
  public static final String BUDGET_OF_ALL = "a budget of the whole proxy";

  /**
   * A model that LiteLLM calls at one provider: a row in LiteLLM's table of models, or an entry in
   * LiteLLM's configuration file.
   *
   * @param id the model's permanent id; for an entry in the file: {@code config/}, the alias, and a
   *     text that depends only on the entry's content
   * @param alias the name by which LiteLLM's callers call the model
   * @param parameters the decrypted parameters; the parameters in {@code closed} are missing
   * @param closed the names of the parameters that the salt key does not decrypt
   * @param inAccessGroups the names of the model groups that contain the model
   * @param ofTeam whether only one team's members may call the model
   * @param earlierId the id by which earlier versions of this import knew the model: the position
   *     of an entry in the file; empty if there is none
   */
  public record OldDeployment(
      String id,
      String alias,
      Map<String, String> parameters,
      Set<String> closed,
      Set<String> inAccessGroups,
      boolean ofTeam,
      boolean blocked,
      Optional<String> earlierId) {
    /** Creates a model that always had the same id. */
    public OldDeployment(
        String id,
        String alias,
        Map<String, String> parameters,
        Set<String> closed,
        Set<String> inAccessGroups,
        boolean ofTeam,
        boolean blocked) {
      this(id, alias, parameters, closed, inAccessGroups, ofTeam, blocked, Optional.empty());
    }

    /** Returns the same model with the given id. The present id becomes the earlier id. */
    public OldDeployment named(String newId) {
      return new OldDeployment(
          newId, alias, parameters, closed, inAccessGroups, ofTeam, blocked, Optional.of(id));
    }

    /** Returns a text without the parameters, because they might be secrets. */
    @Override
    public String toString() {
      return "OldDeployment[" + id + "]";
    }
  }

  /**
   * Parameters that several deployments can reference.
   *
   * @param values a map with the decrypted values; the values in {@code closed} are missing
   */
  public record OldCredential(Map<String, String> values, Set<String> closed) {
    /** Returns a text without the values, because they are secrets. */
    @Override
    public String toString() {
      return "OldCredential[hidden]";
    }
  }

  /**
   * The limits of a user, group, member or key, in LiteLLM's form.
   *
   * @param spent the amount that was spent since the last reset of the budget, in dollars
   * @param duration the time between two resets of the budget, such as {@code 30d}
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

    boolean hasRates() {
      return tokensPerMinute.isPresent() || requestsPerMinute.isPresent() || atATime.isPresent();
    }

    /** Returns the same limits with the given spent amount. */
    public OldTerms with(BigDecimal used) {
      return new OldTerms(
          tokensPerMinute, requestsPerMinute, atATime, budget, used, duration, resetsAt);
    }

    /**
     * Returns these limits. A missing limit is replaced by the corresponding limit of a shared
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
   * @param role the user's role in LiteLLM, such as {@code proxy_admin}
   * @param deactivated whether the identity provider has deactivated the user by SCIM; LiteLLM then
   *     refuses all keys of the user
   * @param bounds the limits that Claviger does not support, as reports name them
   */
  public record OldUser(
      String id,
      Optional<String> alias,
      Optional<String> email,
      Optional<String> role,
      List<String> models,
      boolean deactivated,
      OldTerms terms,
      Set<String> bounds) {}

  /**
   * A team or an organization of LiteLLM.
   *
   * @param organization true for an organization, false for a team; a team and an organization can
   *     have the same id
   * @param within the organization to which a team belongs; empty if there is none
   * @param aliases the group's own names for models. In calls with the group's keys, such a name
   *     stands for a model of another name
   * @param bounds the limits that Claviger does not support, as reports name them
   * @param extras the group's other properties that Claviger does not support, as reports name them
   */
  public record OldGroup(
      boolean organization,
      String id,
      Optional<String> within,
      Optional<String> alias,
      List<String> models,
      Set<String> aliases,
      boolean blocked,
      OldTerms terms,
      Set<String> bounds,
      Set<String> extras) {
    /** Returns the group's name in the journal of imports. */
    public String name() {
      return (organization ? "organization/" : "team/") + id;
    }

    /** Returns the {@link #name} of a team's organization; empty if there is none. */
    public Optional<String> parent() {
      return within.map(of -> "organization/" + of);
    }
  }

  /**
   * A member of a team or organization of LiteLLM.
   *
   * @param group {@link OldGroup#name}
   * @param manages whether the member administers the group
   * @param ownTerms whether the group has limits for this member alone
   */
  public record OldMember(String group, String user, boolean manages, boolean ownTerms) {
    boolean ofOrganization() {
      return group.startsWith("organization/");
    }
  }

  /**
   * A virtual key.
   *
   * @param token the hexadecimal SHA-256 of the key's text, or any other text in its place
   * @param shown the first and last characters of the key's text, as LiteLLM shows them
   * @param aliases the key's own names for models, like those of a group
   * @param bounds the limits that Claviger does not support, as reports name them
   * @param extras the key's other properties that Claviger does not support, as reports name them
   */
  public record OldKey(
      String token,
      Optional<String> shown,
      Optional<String> alias,
      Optional<String> user,
      Optional<String> team,
      Optional<String> organization,
      List<String> models,
      Set<String> aliases,
      Optional<String> budget,
      boolean blocked,
      Optional<Instant> expires,
      boolean dashboard,
      OldTerms terms,
      Set<String> bounds,
      Set<String> extras) {}

  /** A format of calls, and the LiteLLM model of these calls. */
  public record Spoken(String format, String model) {
    /**
     * Returns a call's format.
     *
     * @param path the request's path, or LiteLLM's name for the operation
     * @return the format; empty if no format has this operation
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
