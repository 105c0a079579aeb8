package io.claviger.application.sharing;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.sharing.port.InstanceShareStore;

/** Builds the use cases of sharing from what they need. */
public record SharingModule(ShareInstance shareInstance, EndShare endShare, FindShares findShares) {

  public static SharingModule of(
      InstanceStore instances,
      InstanceShareStore shares,
      UserStore users,
      AuditedChanges attempts) {
    return new SharingModule(
        new ShareInstanceService(instances, shares, users, attempts),
        new EndShareService(instances, shares, users, attempts),
        new FindSharesService(instances, shares, users, attempts));
  }
}
