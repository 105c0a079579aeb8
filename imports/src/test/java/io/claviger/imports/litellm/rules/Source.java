package io.claviger.imports.litellm.rules;

import io.claviger.domain.budgets.BudgetZone;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldCredential;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldDeployment;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldGroup;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldKey;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldMember;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldTerms;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldUser;
import io.claviger.imports.litellm.rules.LiteLlmContent.Spoken;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A small LiteLLM for tests of rules. */
final class Source {
  private final List<OldDeployment> deployments = new ArrayList<>();
  private final Map<String, OldCredential> credentials = new HashMap<>();
  private final List<OldUser> users = new ArrayList<>();
  private final List<OldGroup> groups = new ArrayList<>();
  private final List<OldMember> members = new ArrayList<>();
  private final List<OldKey> keys = new ArrayList<>();
  private final Map<String, Set<Spoken>> spoken = new HashMap<>();
  private final Set<String> shadowed = new HashSet<>();
  private final Set<String> bounds = new HashSet<>();
  private BudgetZone zone = BudgetZone.UTC;

  static final String HASH = "%064x".formatted(1);

  static OldTerms budget(String dollars, String spent) {
    return new OldTerms(
        Optional.empty(),
        Optional.of(60L),
        Optional.empty(),
        Optional.of(new BigDecimal(dollars)),
        new BigDecimal(spent),
        Optional.of("30d"),
        Optional.empty());
  }

  Source deployment(String id, String alias, Map<String, String> parameters) {
    deployments.add(new OldDeployment(id, alias, parameters, Set.of(), Set.of(), false, false));
    return this;
  }

  /** Makes the models of this alias models that only one team may call. */
  Source ofTeam(String alias) {
    deployments.replaceAll(
        d ->
            d.alias().equals(alias)
                ? new OldDeployment(
                    d.id(), alias, d.parameters(), Set.of(), Set.of(), true, d.blocked())
                : d);
    return this;
  }

  /** A model of OpenAI, under one key. */
  Source openAi(String alias, String model) {
    return deployment(
        "m-" + alias + "-" + deployments.size(),
        alias,
        Map.of("model", "openai/" + model, "api_key", "sk-openai-1"));
  }

  Source closed(String id, String alias) {
    deployments.add(
        new OldDeployment(
            id, alias, Map.of("model", "openai/x"), Set.of("api_key"), Set.of(), false, false));
    return this;
  }

  Source credential(String name, Map<String, String> values) {
    credentials.put(name, new OldCredential(values, Set.of()));
    return this;
  }

  Source user(String id, String email, String role, String... models) {
    users.add(
        new OldUser(
            id,
            Optional.empty(),
            Optional.ofNullable(email),
            Optional.of(role),
            List.of(models),
            false,
            OldTerms.NONE,
            Set.of()));
    return this;
  }

  Source deactivated(String id) {
    users.replaceAll(
        u ->
            u.id().equals(id)
                ? new OldUser(
                    id, u.alias(), u.email(), u.role(), u.models(), true, u.terms(), u.bounds())
                : u);
    return this;
  }

  Source team(String id, OldTerms terms, String... models) {
    return team(id, null, terms, Set.of(), models);
  }

  Source team(
      String id, String organization, OldTerms terms, Set<String> bounds, String... models) {
    groups.add(group(false, id, organization, terms, bounds, models));
    return this;
  }

  Source organization(String id, OldTerms terms, Set<String> bounds, String... models) {
    groups.add(group(true, id, null, terms, bounds, models));
    return this;
  }

  private static OldGroup group(
      boolean organization,
      String id,
      String within,
      OldTerms terms,
      Set<String> bounds,
      String... models) {
    return new OldGroup(
        organization,
        id,
        Optional.ofNullable(within),
        Optional.of(id),
        List.of(models),
        Set.of(),
        false,
        terms,
        bounds,
        Set.of());
  }

  /** Adds a limit of all calls that can't be said here. */
  Source boundAll(String what) {
    bounds.add(what);
    return this;
  }

  Source zone(String name) {
    zone = new BudgetZone(name);
    return this;
  }

  /** Makes a name lead to another model, in the calls of all keys. */
  Source shadowing(String name) {
    boolean unused = shadowed.add(name);
    return this;
  }

  /** Makes a name lead to another model, in the calls of the last key. */
  Source renaming(String name) {
    OldKey k = keys.removeLast();
    keys.add(
        new OldKey(
            k.token(),
            k.shown(),
            k.alias(),
            k.user(),
            k.team(),
            k.organization(),
            k.models(),
            Set.of(name),
            k.budget(),
            k.blocked(),
            k.expires(),
            k.dashboard(),
            k.terms(),
            k.bounds(),
            k.extras()));
    return this;
  }

  /** Makes a name lead to another model, in the calls of the last team's keys. */
  Source renamingForTeam(String name) {
    OldGroup g = groups.removeLast();
    groups.add(
        new OldGroup(
            g.organization(),
            g.id(),
            g.within(),
            g.alias(),
            g.models(),
            Set.of(name),
            g.blocked(),
            g.terms(),
            g.bounds(),
            g.extras()));
    return this;
  }

  Source boundGroup(String id, Set<String> bounds) {
    groups.replaceAll(
        g ->
            g.id().equals(id)
                ? group(g.organization(), id, g.within().orElse(null), g.terms(), bounds)
                : g);
    return this;
  }

  Source boundMember(String group, String user) {
    members.add(new OldMember(group, user, false, true));
    return this;
  }

  Source boundUser(String id, Set<String> bounds) {
    return user(id, OldTerms.NONE, bounds);
  }

  Source terms(String id, OldTerms terms) {
    return user(id, terms, Set.of());
  }

  private Source user(String id, OldTerms terms, Set<String> bounds) {
    users.replaceAll(
        u ->
            u.id().equals(id)
                ? new OldUser(
                    id, u.alias(), u.email(), u.role(), u.models(), u.deactivated(), terms, bounds)
                : u);
    return this;
  }

  /** Gives the key of this number limits that can't be said here. */
  Source bound(int number, Set<String> bounds) {
    keys.replaceAll(
        k ->
            k.token().equals("%064x".formatted(number))
                ? new OldKey(
                    k.token(),
                    k.shown(),
                    k.alias(),
                    k.user(),
                    k.team(),
                    k.organization(),
                    k.models(),
                    k.aliases(),
                    k.budget(),
                    false,
                    k.expires(),
                    false,
                    k.terms(),
                    bounds,
                    Set.of())
                : k);
    return this;
  }

  Source member(String team, String user) {
    members.add(new OldMember("team/" + team, user, false, false));
    return this;
  }

  Source key(String token, String user, String team, OldTerms terms, String... models) {
    return key(token, user, team, terms, false, null, false, models);
  }

  Source key(
      String token,
      String user,
      String team,
      OldTerms terms,
      boolean blocked,
      Instant expires,
      boolean dashboard,
      String... models) {
    keys.add(
        new OldKey(
            token,
            Optional.of("sk-...abcd"),
            Optional.of("key"),
            Optional.ofNullable(user),
            Optional.ofNullable(team),
            Optional.empty(),
            List.of(models),
            Set.of(),
            Optional.empty(),
            blocked,
            Optional.ofNullable(expires),
            dashboard,
            terms,
            Set.of(),
            Set.of()));
    return this;
  }

  Source spoke(String token, String format, String model) {
    spoken.put(token, Set.of(new Spoken(format, model)));
    return this;
  }

  LiteLlmContent content() {
    return new LiteLlmContent(
        deployments,
        credentials,
        users,
        groups,
        members,
        keys,
        Map.of(),
        Map.of(),
        spoken,
        Map.of(),
        shadowed,
        bounds,
        zone);
  }
}
