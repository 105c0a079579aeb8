package io.claviger.imports.dhamps;

import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.Description;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.imports.dhamps.ImportContext.ExistingProject;
import io.claviger.imports.dhamps.ImportContext.ExistingService;
import io.claviger.imports.dhamps.ImportContext.Person;
import io.claviger.imports.dhamps.OwnershipResolver.Candidate;
import io.claviger.imports.dhamps.OwnershipResolver.ExistingRow;
import io.claviger.imports.dhamps.OwnershipResolver.IncomingRow;
import io.claviger.imports.dhamps.ShareImport.ShareWriter;
import io.claviger.imports.dhamps.port.ImportStore.NewShare;
import io.claviger.imports.dhamps.rules.LinkOrder;
import io.claviger.imports.dhamps.rules.RoleMapping;
import io.claviger.imports.dhamps.rules.SourceContent.OldLink;
import io.claviger.imports.dhamps.rules.SourceContent.OldMember;
import io.claviger.imports.dhamps.rules.SourceContent.OldProject;
import io.claviger.imports.dhamps.rules.SourceContent.OldService;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.ReportReason;
import io.claviger.imports.shared.RowBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Imports projects, each bound to one service, and their members. */
final class ProjectImport {
  private final ImportContext context;
  private final Ids ids;
  private final ShareWriter shares;
  private final RowBatch<Project> batch;
  private final Map<Long, OldService> services = new HashMap<>();
  private final Map<Long, List<OldLink>> links = new HashMap<>();

  ProjectImport(ImportContext context, Ids ids) {
    this.context = context;
    this.ids = ids;
    this.shares = new ShareWriter(context);
    this.batch = new RowBatch<>(context.store::addProjects);
  }

  void run() {
    context.content.services().forEach(s -> services.putIfAbsent(s.id(), s));
    context
        .content
        .links()
        .forEach(l -> links.computeIfAbsent(l.project(), p -> new ArrayList<>()).add(l));
    OwnershipResolver<OldProject> resolved =
        new OwnershipResolver<OldProject>(context, ImportedKind.PROJECT, false)
            .resolve(
                context.content.projects().stream()
                    .map(
                        p ->
                            new Candidate<>(
                                p, p.owner(), p.handle(), p.name(), p.stamps().createdAt()))
                    .toList());
    for (ExistingRow<OldProject> existing : resolved.existing) {
      bound(existing.row(), existing.owner())
          .ifPresent(service -> context.report.countExisting(ImportedKind.LINK));
      addRemarks(existing.row());
      context.projects.putIfAbsent(
          existing.row().id(),
          new ExistingProject(
              existing.id(),
              new Project.Ref(existing.owner().handle(), existing.handle()),
              existing.owner().id()));
    }
    resolved.incoming.forEach(this::importOne);
    batch.flush();
    members();
  }

  private void importOne(IncomingRow<OldProject> incoming) {
    OldProject old = incoming.row();
    Project project =
        new Project(
            new Project.Id(ids.next()),
            incoming.owner().id(),
            new Project.Ref(incoming.owner().handle(), incoming.handle()),
            FieldValues.NONE.with(CommonFields.DESCRIPTION, description(old)),
            bound(old, incoming.owner()).map(ExistingService::id),
            1,
            context.madeAt(old.stamps()),
            context.changedAt(old.stamps()));
    project.instance().ifPresent(service -> context.report.countImported(ImportedKind.LINK));
    addRemarks(old);
    batch.add(project);
    context.projects.putIfAbsent(
        old.id(), new ExistingProject(project.id().value(), project.ref(), project.owner()));
    context.report.countImported(ImportedKind.PROJECT);
    context.journal.record(
        ImportedKind.PROJECT,
        incoming.name(),
        Optional.of(project.id().value()),
        AuditAction.PROJECT_CREATE,
        AuditTargets.project(project),
        List.of());
  }

  /** The first linked service that exists here and that the project's owner may use. */
  private Optional<ExistingService> bound(OldProject project, Person owner) {
    List<OldLink> linked = new ArrayList<>();
    project.service().ifPresent(id -> linked.add(new OldLink(project.id(), id, Optional.empty())));
    linked.addAll(LinkOrder.inOrder(links.getOrDefault(project.id(), List.of())));
    Optional<ExistingService> bound = Optional.empty();
    for (OldLink link : linked) {
      Optional<ExistingService> service = Optional.ofNullable(context.services.get(link.service()));
      String name =
          project.name()
              + " "
              + Optional.ofNullable(services.get(link.service())).map(OldService::name).orElse("?");
      context.report.countFound(ImportedKind.LINK);
      if (service.isEmpty()) {
        context.report.addLeftOut(
            ImportedKind.LINK,
            name,
            ReportReason.SERVICE_MISSING,
            "the service does not exist here");
      } else if (bound.isPresent()) {
        context.report.addLeftOut(ImportedKind.LINK, name, ReportReason.ANOTHER_WAS_LINKED_FIRST);
      } else if (!context.uses(service.get(), owner.id())) {
        context.report.addLeftOut(
            ImportedKind.LINK,
            name,
            ReportReason.NO_USE_OF_SERVICE,
            "the project's owner may not use it");
      } else {
        bound = service;
      }
    }
    return bound;
  }

  private void addRemarks(OldProject old) {
    if (old.publicRead()) {
      context.report.addRemark(
          ImportedKind.PROJECT, old.name(), ReportReason.PUBLIC_READ, "share it with its readers");
    }
    if (old.metadataScheme()) {
      context.report.addRemark(ImportedKind.PROJECT, old.name(), ReportReason.METADATA_SCHEME, "");
    }
  }

  private Description description(OldProject old) {
    try {
      return new Description(old.description());
    } catch (InvalidValue e) {
      context.report.addRemark(
          ImportedKind.PROJECT,
          old.name(),
          ReportReason.INVALID_DESCRIPTION,
          "it was imported without it: " + e.allowed());
      return Description.NONE;
    }
  }

  private void members() {
    Map<Long, OldProject> byId = new HashMap<>();
    context.content.projects().forEach(p -> byId.putIfAbsent(p.id(), p));
    Map<UUID, Set<User.Id>> recorded =
        context.store.sharedWith(
            ImportedKind.MEMBER,
            context.projects.values().stream()
                .map(ExistingProject::id)
                .collect(Collectors.toSet()));
    Set<String> seen = new HashSet<>();
    for (OldMember member : context.content.members()) {
      Optional<OldProject> old = Optional.ofNullable(byId.get(member.project()));
      String name = old.map(OldProject::name).orElse("?") + " " + member.user();
      boolean owns = old.map(OldProject::owner).equals(Optional.of(member.user()));
      if (!owns && seen.add(member.project() + " " + member.user())) {
        context.report.countFound(ImportedKind.MEMBER);
        join(member, name, recorded);
      }
    }
    shares.flush(ImportedKind.MEMBER);
  }

  private void join(OldMember member, String name, Map<UUID, Set<User.Id>> recorded) {
    Optional<Person> user = shares.grantee(ImportedKind.MEMBER, name, member.user());
    Optional<ExistingProject> project = Optional.ofNullable(context.projects.get(member.project()));
    Optional<Role> role = RoleMapping.ofProject(member.role());
    if (user.isEmpty()) {
      return;
    }
    if (project.isEmpty()) {
      context.report.addLeftOut(
          ImportedKind.MEMBER,
          name,
          ReportReason.PROJECT_MISSING,
          "the project does not exist here");
    } else if (role.isEmpty()) {
      context.report.addLeftOut(ImportedKind.MEMBER, name, ReportReason.UNKNOWN_ROLE);
    } else {
      ExistingProject p = project.get();
      boolean unused =
          shares.give(
              ImportedKind.MEMBER,
              name,
              new NewShare(
                  p.id(),
                  p.ref().owner(),
                  p.ref().handle(),
                  user.get().id(),
                  user.get().handle(),
                  role.get(),
                  p.owner(),
                  context.now),
              recorded.getOrDefault(p.id(), Set.of()),
              AuditAction.PROJECT_SHARE,
              "project");
    }
  }
}
