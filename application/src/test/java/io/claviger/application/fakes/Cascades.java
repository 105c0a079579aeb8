package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.ShareKey;
import io.claviger.application.fakes.Tables.StoredInstance;
import io.claviger.application.fakes.Tables.StoredModel;
import io.claviger.application.fakes.Tables.StoredShare;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.oauth.DeviceAuthorization;
import io.claviger.domain.prices.PriceScope;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.Visibility;
import io.claviger.domain.scim.ScimUser;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Which rows are deleted together with a row, and which rows prevent a deletion. */
final class Cascades {
  private final Tables tables;

  Cascades(Tables tables) {
    this.tables = tables;
  }

  boolean deleteShare(ShareKey<Instance.Id> key) {
    if (tables.shares.remove(key) == null) {
      return false;
    }
    boolean unused = tables.bareNames.remove(key);
    closeProjects(key.shared(), key.grantee());
    List<ShareKey<Instance.Id>> givenByIt =
        tables.shares.keySet().stream()
            .filter(k -> k.shared().equals(key.shared()))
            .filter(k -> isGivenVia(k, key.grantee()))
            .toList();
    givenByIt.forEach(this::deleteShare);
    return true;
  }

  /** Closes the projects that the holder of a share opened by it. */
  void closeProjects(Instance.Id instance, GranteeId holder) {
    boolean owns =
        Optional.ofNullable(tables.instances.get(instance))
            .filter(row -> row.instance().owner().equals(holder))
            .isPresent();
    if (!owns) {
      closeProjects(instance, project -> project.owner().equals(holder));
    }
  }

  /** Closes the projects that are open and use an instance. */
  void closeProjects(Instance.Id instance, Predicate<Project> which) {
    tables.projects.replaceAll(
        (id, project) ->
            project.isOpen()
                    && project.instance().equals(Optional.of(instance))
                    && which.test(project)
                ? project.with(
                    project
                        .values()
                        .withOptional(Project.VISIBILITY, Optional.of(Visibility.MEMBERS)),
                    project.instance(),
                    project.updatedAt())
                : project);
  }

  /** Deletes what belonged to tokens that are gone, and so on with the tokens below them. */
  void deleteWithTokens() {
    Set<AccessToken.Id> left =
        tables.tokens.values().stream().map(t -> t.token().id()).collect(Collectors.toSet());
    tables.families.values().removeIf(family -> !left.contains(family.token()));
    tables.devices.values().removeIf(d -> isApprovedWithout(d.device(), left));
    if (tables
        .tokens
        .values()
        .removeIf(t -> t.token().parent().filter(p -> !left.contains(p)).isPresent())) {
      deleteWithTokens();
    }
  }

  /** A suspension ends the device sign-ins of a user. */
  void deleteDeviceSignIns(User.Id user) {
    tables.devices.values().removeIf(d -> isAnsweredBy(d.device(), user));
    tables
        .tokens
        .values()
        .removeIf(t -> t.token().user().equals(user) && t.token().refreshableUntil().isPresent());
    deleteWithTokens();
  }

  private static boolean isAnsweredBy(DeviceAuthorization device, User.Id user) {
    return device.answer().filter(answer -> answer.user().equals(user)).isPresent();
  }

  private static boolean isApprovedWithout(DeviceAuthorization device, Set<AccessToken.Id> tokens) {
    return device.answer().orElse(null)
            instanceof DeviceAuthorization.UserDecision.Approved approved
        && approved.with().filter(with -> !tokens.contains(with)).isPresent();
  }

  void deleteInstance(Instance.Id id) {
    if (tables.projects.values().stream().anyMatch(p -> p.instance().equals(Optional.of(id)))) {
      throw new StillReferenced(new IllegalStateException("a project uses the instance"));
    }
    if (tables.isBoundTo(id)) {
      throw new StillReferenced(new IllegalStateException("a model is bound to the instance"));
    }
    tables.instances.remove(id);
    tables.borrowRequests.values().removeIf(r -> r.service().id().equals(id));
    tables.userKeys.keySet().removeIf(k -> k.instance().equals(id));
    tables.modelLists.keySet().removeIf(of -> of.service().equals(id));
    tables.prices.removeIf(p -> p.listed().scope().equals(new PriceScope.OfService(id)));
    tables.invoices.keySet().removeIf(k -> k.account().service().equals(id));
    tables.billDays.keySet().removeIf(k -> k.account().service().equals(id));
    tables.billRuns.remove(id);
    tables.billMonths.keySet().removeIf(k -> k.service().equals(id));
    tables.toldBills.removeIf(k -> k.service().equals(id));
    tables.defaults.values().removeIf(id::equals);
    tables.shares.keySet().removeIf(k -> k.shared().equals(id));
    tables.bareNames.removeIf(k -> k.shared().equals(id));
    tables.tokens.values().removeIf(t -> isRestrictedTo(t.token(), id.value()));
    deleteWithTokens();
  }

  void deleteProject(Project.Id id) {
    tables.projects.remove(id);
    tables.projectShares.keySet().removeIf(k -> k.shared().equals(id));
    tables.tokens.values().removeIf(t -> isRestrictedTo(t.token(), id.value()));
    deleteWithTokens();
  }

  void deleteDefinition(Definition.Id id) {
    tables.definitions.remove(id);
    tables.definitionShares.keySet().removeIf(k -> k.shared().equals(id));
    tables.instances.replaceAll(
        (i, row) ->
            row.instance().settings().definition().equals(Optional.of(id))
                ? new StoredInstance(
                    withoutDefinition(row.instance()),
                    row.apiKey(),
                    row.headers(),
                    row.headersVersion())
                : row);
  }

  void deleteGroup(Group.Id id) {
    tables.groups.remove(id);
    tables.webhooks.remove(id);
    tables.scimGroups.remove(id);
    tables.groupMembers.keySet().removeIf(k -> k.group().equals(id));
    tables.groupLimits.keySet().removeIf(k -> k.group().equals(id));
    tables.shares.keySet().stream()
        .filter(k -> k.grantee().equals(id))
        .toList()
        .forEach(this::deleteShare);
    tables.definitionShares.keySet().removeIf(k -> k.grantee().equals(id));
    tables.projectShares.keySet().removeIf(k -> k.grantee().equals(id));
  }

  void deleteUser(User.Id id) {
    Optional<ScimUser> provisioned = Optional.ofNullable(tables.scimUsers.remove(id));
    Optional.ofNullable(tables.users.remove(id))
        .ifPresent(
            user -> tables.formerUsers.put(user.handle(), new Tables.FormerRow(id, provisioned)));
    tables.borrowRequests.values().removeIf(r -> r.asker().id().equals(id));
    tables.mutedAskers.remove(id);
    tables.invoices.keySet().removeIf(k -> k.account().owner().equals(id));
    tables.billDays.keySet().removeIf(k -> k.account().owner().equals(id));
    tables.userLimits.remove(id);
    tables.tokens.values().removeIf(t -> t.token().user().equals(id));
    tables.trusts.values().removeIf(trust -> trust.account().equals(id));
    tables.webhooks.remove(id);
    tables.devices.values().removeIf(d -> isAnsweredBy(d.device(), id));
    deleteWithTokens();
    tables.definitions.values().stream()
        .filter(d -> d.owner().equals(id))
        .map(Definition::id)
        .toList()
        .forEach(this::deleteDefinition);
    // Before the instances, because a user's own projects use them.
    tables.projects.values().stream()
        .filter(p -> p.owner().equals(id))
        .map(Project::id)
        .toList()
        .forEach(this::deleteProject);
    tables.instances.values().stream()
        .map(StoredInstance::instance)
        .filter(i -> i.owner().equals(id))
        .map(Instance::id)
        .toList()
        .forEach(this::deleteInstance);
    tables.shares.keySet().stream()
        .filter(k -> k.grantee().equals(id))
        .toList()
        .forEach(this::deleteShare);
    tables.userKeys.keySet().removeIf(k -> k.user().equals(id));
    tables.modelLists.keySet().removeIf(of -> of.user().equals(Optional.of(id)));
    tables.defaults.remove(id);
    tables.models.replaceAll((i, row) -> withoutUser(row, id));
    tables.deletedModels.replaceAll(row -> row.withoutUser(id));
    tables.groupMembers.keySet().removeIf(k -> k.user().equals(id));
    tables.definitionShares.keySet().removeIf(k -> k.grantee().equals(id));
    tables.projectShares.keySet().removeIf(k -> k.grantee().equals(id));
    tables.shares.replaceAll((k, s) -> withoutGiver(s, id));
    tables.definitionShares.replaceAll((k, s) -> withoutGiver(s, id));
    tables.projectShares.replaceAll((k, s) -> withoutGiver(s, id));
    tables.instances.replaceAll(
        (i, row) ->
            new StoredInstance(
                withoutSetter(row.instance(), id),
                row.apiKey(),
                row.headers(),
                row.headersVersion()));
  }

  private static StoredModel withoutUser(StoredModel row, User.Id id) {
    return new StoredModel(
        row.model(),
        row.createdBy().filter(user -> !user.equals(id)),
        row.updatedBy().filter(user -> !user.equals(id)));
  }

  private static StoredShare withoutGiver(StoredShare row, User.Id id) {
    return new StoredShare(row.share(), row.givenBy().filter(giver -> !giver.equals(id)));
  }

  private boolean isGivenVia(ShareKey<Instance.Id> key, GranteeId coOwner) {
    StoredShare stored = tables.shares.get(key);
    return stored != null && stored.share().givenVia().filter(coOwner::equals).isPresent();
  }

  private static boolean isRestrictedTo(AccessToken token, UUID id) {
    return token.restriction().map(TokenRestriction::id).equals(Optional.of(id));
  }

  private static Instance withoutDefinition(Instance row) {
    InstanceSettings old = row.settings();
    InstanceSettings settings =
        new InstanceSettings(
            Optional.empty(),
            old.fields(),
            old.keyPolicy(),
            old.limits(),
            old.own(),
            old.budgetsInAll(),
            old.limitsInAll(),
            old.providerLimits(),
            old.credential(),
            old.sent());
    return changed(row, settings, Optional.empty(), row.endpointSetBy(), row.headersSetBy());
  }

  private static Instance withoutSetter(Instance row, User.Id id) {
    return changed(
        row,
        row.settings(),
        row.definitionRef(),
        row.endpointSetBy().filter(user -> !user.equals(id)),
        row.headersSetBy().filter(user -> !user.equals(id)));
  }

  private static Instance changed(
      Instance row,
      InstanceSettings settings,
      Optional<Definition.Ref> definition,
      Optional<User.Id> endpointSetBy,
      Optional<User.Id> headersSetBy) {
    return new Instance(
        row.id(),
        row.owner(),
        row.ref(),
        settings,
        row.placement(),
        definition,
        row.customHeaderNames(),
        row.apiKeySetAt(),
        endpointSetBy,
        headersSetBy,
        row.version(),
        row.createdAt(),
        row.updatedAt());
  }
}
