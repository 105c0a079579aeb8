package io.claviger.application.approvals;

import io.claviger.application.instances.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shares.GivenShare;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.application.transfers.Transfers;
import io.claviger.domain.Field;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Share;

/**
 * After enough users have consented to a change, makes the change with the rights of the user who
 * requested it.
 */
public final class ConsentedChange {
  private final ApprovalGate gate;
  private final InstanceShareStore shares;
  private final Instances services;
  private final ShareGrants grants;
  private final Transfers transfers;

  public ConsentedChange(
      ApprovalGate gate,
      InstanceShareStore shares,
      Instances services,
      ShareGrants grants,
      Transfers transfers) {
    this.gate = gate;
    this.shares = shares;
    this.services = services;
    this.grants = grants;
    this.transfers = transfers;
  }

  /** Locks the projects that the change might close, before the service is locked. */
  void lockOpened(Approval approval) {
    if (approval.kind() == Approval.Kind.SHARE) {
      grants.lockOpened(approval.ref(), ShareGrants.granteeOfSubject(approval.subject()));
    }
  }

  /** Opens the sealed change. The opened change is never shown to anybody, not even in part. */
  String opened(Approval approval) {
    return gate.opened(approval)
        .orElseThrow(() -> lapsed("It was sealed under a key that is gone."));
  }

  /**
   * @param ref the current reference of the service
   * @throws RefusedException when the asker no longer has the right to make this change, or when
   *     the change no longer fits the service
   */
  void make(Approval approval, Instance.Ref ref, String image, Actor asker, ChangeLog log) {
    switch (approval.kind()) {
      case WRITE -> services.writeConsented(log, asker, ref, image);
      case DELETE -> services.deleteConsented(log, asker, ref);
      case SHARE -> share(asker, ref, shares.ofImage(image), log);
      case TRANSFER -> transfers.offerConsented(log, asker, approval, image);
    }
  }

  /**
   * Shares the service with the grantee. Refuses if the grantee was deleted and the name now
   * belongs to somebody else. Also refuses if the grantee's share was changed or ended since the
   * request, because people consented to a change of the share as it was then.
   */
  private void share(
      Actor asker, Instance.Ref ref, InstanceShareStore.Imaged image, ChangeLog log) {
    Share share = image.share();
    GivenShare given =
        grants.share(
            asker,
            ref,
            share.grantee().name(),
            Precondition.NONE,
            share.terms(),
            Field.from(share.appliedBy()),
            image.answers(),
            log);
    if (!given.share().grantee().id().equals(share.grantee().id())) {
      throw lapsed("The user or group that was to get the share has been deleted.");
    }
    if (changedAShare(share) && !isNextOfSame(given.share(), share)) {
      throw lapsed("The share was changed or has ended since this change was requested.");
    }
  }

  /**
   * Whether the grantee had a share when the change was requested. New shares had the version 1
   * before versions began with {@link Share#firstVersion}.
   */
  private static boolean changedAShare(Share requested) {
    return requested.version() > 1
        && requested.version() != Share.firstVersion(requested.createdAt());
  }

  /**
   * Whether the given share is the next version of the share that the grantee had at the time of
   * the request.
   */
  private static boolean isNextOfSame(Share given, Share requested) {
    return given.version() == requested.version()
        && given.createdAt().equals(requested.createdAt());
  }

  private static RefusedException lapsed(String why) {
    return RefusedException.conflict("lapsed", why);
  }
}
