package io.claviger.dhampsimport;

import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.port.Ids;
import io.claviger.dhampsimport.ImportContext.Person;
import io.claviger.dhampsimport.ImportContext.ProjectHere;
import io.claviger.dhampsimport.ImportContext.ServiceHere;
import io.claviger.dhampsimport.OwnershipResolver.Candidate;
import io.claviger.dhampsimport.OwnershipResolver.Coming;
import io.claviger.dhampsimport.OwnershipResolver.Here;
import io.claviger.dhampsimport.ShareImport.Giving;
import io.claviger.dhampsimport.port.ImportStore.NewShare;
import io.claviger.dhampsimport.rules.ImportedKind;
import io.claviger.dhampsimport.rules.LinkOrder;
import io.claviger.dhampsimport.rules.ReportReason;
import io.claviger.dhampsimport.rules.RoleMapping;
import io.claviger.dhampsimport.rules.SourceContent.OldLink;
import io.claviger.dhampsimport.rules.SourceContent.OldMember;
import io.claviger.dhampsimport.rules.SourceContent.OldProject;
import io.claviger.dhampsimport.rules.SourceContent.OldService;
import io.claviger.domain.Description;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectId;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.sharing.Role;
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
  private final ImportContext move;
  private final Ids ids;
  private final Giving giving;
  private final RowBatch<Project> batch;
  private final Map<Long, OldService> services = new HashMap<>();
  private final Map<Long, List<OldLink>> links = new HashMap<>();

  ProjectImport(ImportContext move, Ids ids) {
    this.move = move;
    this.ids = ids;
    this.giving = new Giving(move);
    this.batch = new RowBatch<>(move.arrivals::addProjects);
  }

  void move() {
    move.content.services().forEach(s -> services.putIfAbsent(s.id(), s));
    move.content
        .links()
        .forEach(l -> links.computeIfAbsent(l.project(), p -> new ArrayList<>()).add(l));
    OwnershipResolver<OldProject> settled =
        new OwnershipResolver<OldProject>(move, ImportedKind.PROJECT, false)
            .settle(
                move.content.projects().stream()
                    .map(
                        p ->
                            new Candidate<>(
                                p, p.owner(), p.handle(), p.name(), p.stamps().createdAt()))
                    .toList());
    for (Here<OldProject> here : settled.here) {
      bound(here.row(), here.owner()).ifPresent(service -> move.tally.countHere(ImportedKind.LINK));
      addRemarks(here.row());
      move.projects.putIfAbsent(
          here.row().id(),
          new ProjectHere(
              here.id(), new ProjectRef(here.owner().handle(), here.handle()), here.owner().id()));
    }
    settled.coming.forEach(this::importOne);
    batch.flush();
    members();
  }

  private void importOne(Coming<OldProject> coming) {
    OldProject old = coming.row();
    Project project =
        new Project(
            new ProjectId(ids.next()),
            coming.owner().id(),
            new ProjectRef(coming.owner().handle(), coming.handle()),
            description(old),
            bound(old, coming.owner()).map(ServiceHere::id),
            1,
            move.madeAt(old.stamps()),
            move.changedAt(old.stamps()));
    project.instance().ifPresent(service -> move.tally.countImported(ImportedKind.LINK));
    addRemarks(old);
    batch.add(project);
    move.projects.putIfAbsent(
        old.id(), new ProjectHere(project.id().value(), project.ref(), project.owner()));
    move.tally.countImported(ImportedKind.PROJECT);
    move.journal.record(
        ImportedKind.PROJECT,
        coming.name(),
        Optional.of(project.id().value()),
        AuditAction.PROJECT_CREATE,
        AuditTargets.project(project),
        List.of());
  }

  /** The first linked service that exists here and that the project's owner may use. */
  private Optional<ServiceHere> bound(OldProject project, Person owner) {
    List<OldLink> linked = new ArrayList<>();
    project.service().ifPresent(id -> linked.add(new OldLink(project.id(), id, Optional.empty())));
    linked.addAll(LinkOrder.inOrder(links.getOrDefault(project.id(), List.of())));
    Optional<ServiceHere> bound = Optional.empty();
    for (OldLink link : linked) {
      Optional<ServiceHere> service = Optional.ofNullable(move.services.get(link.service()));
      String name =
          project.name()
              + " "
              + Optional.ofNullable(services.get(link.service())).map(OldService::name).orElse("?");
      move.tally.countFound(ImportedKind.LINK);
      if (service.isEmpty()) {
        move.tally.addLeftOut(
            ImportedKind.LINK,
            name,
            ReportReason.SERVICE_MISSING,
            "the service does not exist here");
      } else if (bound.isPresent()) {
        move.tally.addLeftOut(ImportedKind.LINK, name, ReportReason.ANOTHER_WAS_LINKED_FIRST);
      } else if (!move.uses(service.get(), owner.id())) {
        move.tally.addLeftOut(
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
      move.tally.addRemark(
          ImportedKind.PROJECT, old.name(), ReportReason.PUBLIC_READ, "share it with its readers");
    }
    if (old.metadataScheme()) {
      move.tally.addRemark(ImportedKind.PROJECT, old.name(), ReportReason.METADATA_SCHEME, "");
    }
  }

  private Description description(OldProject old) {
    try {
      return new Description(old.description());
    } catch (InvalidValue e) {
      move.tally.addRemark(
          ImportedKind.PROJECT,
          old.name(),
          ReportReason.INVALID_DESCRIPTION,
          "it was imported without it: " + e.allowed());
      return Description.NONE;
    }
  }

  private void members() {
    Map<Long, OldProject> byId = new HashMap<>();
    move.content.projects().forEach(p -> byId.putIfAbsent(p.id(), p));
    Map<UUID, Set<UserId>> standing =
        move.arrivals.sharedWith(
            ImportedKind.MEMBER,
            move.projects.values().stream().map(ProjectHere::id).collect(Collectors.toSet()));
    Set<String> seen = new HashSet<>();
    for (OldMember member : move.content.members()) {
      Optional<OldProject> old = Optional.ofNullable(byId.get(member.project()));
      String name = old.map(OldProject::name).orElse("?") + " " + member.user();
      boolean owns = old.map(OldProject::owner).equals(Optional.of(member.user()));
      if (!owns && seen.add(member.project() + " " + member.user())) {
        move.tally.countFound(ImportedKind.MEMBER);
        join(member, name, standing);
      }
    }
    giving.flush(ImportedKind.MEMBER);
  }

  private void join(OldMember member, String name, Map<UUID, Set<UserId>> standing) {
    Optional<Person> user = giving.somebody(ImportedKind.MEMBER, name, member.user());
    Optional<ProjectHere> project = Optional.ofNullable(move.projects.get(member.project()));
    Optional<Role> role = RoleMapping.ofProject(member.role());
    if (user.isEmpty()) {
      return;
    }
    if (project.isEmpty()) {
      move.tally.addLeftOut(
          ImportedKind.MEMBER,
          name,
          ReportReason.PROJECT_MISSING,
          "the project does not exist here");
    } else if (role.isEmpty()) {
      move.tally.addLeftOut(ImportedKind.MEMBER, name, ReportReason.UNKNOWN_ROLE);
    } else {
      ProjectHere p = project.get();
      boolean unused =
          giving.give(
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
                  move.now),
              standing.getOrDefault(p.id(), Set.of()),
              AuditAction.PROJECT_SHARE,
              "project");
    }
  }
}
