package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.ShareKey;
import io.claviger.application.fakes.Tables.StoredShare;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.Map;

/** The shares of projects, in memory. A share has a role, and neither limits nor an expiry. */
public final class InMemoryProjectShares extends InMemoryShareStore<Project.Id> {
  public InMemoryProjectShares(InMemoryTransactions transactions) {
    super(transactions);
  }

  @Override
  Map<ShareKey<Project.Id>, StoredShare> rows(Tables tables) {
    return tables.projectShares;
  }

  @Override
  Share fitting(Tables tables, Project.Id id, Share share) {
    Tables.requireOthers(tables.requireProject(id).owner(), share);
    if (share.terms().role() == Role.OWNER) {
      throw new IllegalStateException("members are reader or writer");
    }
    return Tables.inRole(share.terms().role(), share);
  }
}
