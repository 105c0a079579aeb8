package io.claviger.application.sharing;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.shared.Attempts;
import io.claviger.application.sharing.out.Shares;

/** Builds the use cases of sharing from what they need. */
public record SharingModule(ShareInstance shareInstance, EndShare endShare, FindShares findShares) {

  public static SharingModule of(
      Instances instances, Shares shares, Users users, Attempts attempts) {
    return new SharingModule(
        new ShareInstanceService(instances, shares, users, attempts),
        new EndShareService(instances, shares, users, attempts),
        new FindSharesService(instances, shares, users, attempts));
  }
}
