package io.claviger.imports.dhamps;

import io.claviger.domain.Description;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.imports.dhamps.DhampsShares.Granted;
import io.claviger.imports.dhamps.rules.LinkOrder;
import io.claviger.imports.dhamps.rules.RoleMapping;
import io.claviger.imports.dhamps.rules.SourceContent;
import io.claviger.imports.dhamps.rules.SourceContent.OldLink;
import io.claviger.imports.dhamps.rules.SourceContent.OldMember;
import io.claviger.imports.dhamps.rules.SourceContent.OldProject;
import io.claviger.imports.dhamps.rules.SourceContent.OldService;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.Incoming;
import io.claviger.imports.shared.IncomingGrant.What;
import io.claviger.imports.shared.IncomingProject;
import io.claviger.imports.shared.Remarked;
import io.claviger.imports.shared.Remarked.Remark;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.ReportReason;
import io.claviger.imports.shared.TargetStores;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The projects to import from dhamps-vdb, with their linked services and their members. */
final class DhampsProjects {
  private final TargetStores stores;
  private final SourceContent content;
  private final Map<Long, OldService> services = new HashMap<>();
  private final Map<Long, List<OldLink>> links = new HashMap<>();

  DhampsProjects(TargetStores stores, SourceContent content) {
    this.stores = stores;
    this.content = content;
    content.services().forEach(s -> services.putIfAbsent(s.id(), s));
    content.links().forEach(l -> links.computeIfAbsent(l.project(), p -> new ArrayList<>()).add(l));
  }

  Incoming project(OldProject old, Handle handle, List<Remark> named) {
    List<Remark> remarks = new ArrayList<>(named);
    Description description = Description.NONE;
    try {
      description = new Description(old.description());
    } catch (InvalidValue e) {
      remarks.add(
          new Remark(
              ReportReason.INVALID_DESCRIPTION, "it was imported without it: " + e.allowed()));
    }
    return new Remarked(
        new IncomingProject(
            stores,
            old.name(),
            DhampsHandles.ownerOf(old.owner()),
            handle,
            description,
            old.stamps().createdAt()),
        remarks);
  }

  /** Adds remarks to the report about parts of a project that Claviger's projects can't have. */
  static void addRemarks(OldProject old, ReportBuilder report) {
    if (old.publicRead()) {
      report.addRemark(
          ImportedKind.PROJECT, old.name(), ReportReason.PUBLIC_READ, "share it with its readers");
    }
    if (old.metadataScheme()) {
      report.addRemark(ImportedKind.PROJECT, old.name(), ReportReason.METADATA_SCHEME, "");
    }
  }

  /** Adds a project's services, the preferred service first. */
  void addLinks(OldProject project, List<Incoming> incoming) {
    List<OldLink> linked = new ArrayList<>();
    project.service().ifPresent(id -> linked.add(new OldLink(project.id(), id, Optional.empty())));
    linked.addAll(LinkOrder.inOrder(links.getOrDefault(project.id(), List.of())));
    for (OldLink link : linked) {
      String service =
          Optional.ofNullable(services.get(link.service())).map(OldService::name).orElse("?");
      incoming.add(
          new IncomingProject.ToService(
              stores, project.name(), service, project.name() + " " + service));
    }
  }

  void addMembers(List<Incoming> incoming, ReportBuilder report) {
    Map<Long, OldProject> byId = new HashMap<>();
    content.projects().forEach(p -> byId.putIfAbsent(p.id(), p));
    Set<String> seen = new HashSet<>();
    for (OldMember member : content.members()) {
      Optional<OldProject> project = Optional.ofNullable(byId.get(member.project()));
      boolean owns = project.map(OldProject::owner).equals(Optional.of(member.user()));
      if (!owns && seen.add(member.project() + " " + member.user())) {
        DhampsShares.add(
            stores,
            new Granted(
                What.PROJECT, project.map(OldProject::name), member.user(), incoming, report),
            RoleMapping.ofProject(member.role()),
            ReportReason.UNKNOWN_ROLE);
      }
    }
  }
}
