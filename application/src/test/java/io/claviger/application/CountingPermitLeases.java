package io.claviger.application;

import io.claviger.application.gateway.port.PermitLeases;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the leases that another implementation is asked for. */
public class CountingPermitLeases implements PermitLeases {
  private final PermitLeases leases;
  private final AtomicInteger asked = new AtomicInteger();

  public CountingPermitLeases(PermitLeases leases) {
    this.leases = leases;
  }

  public int asked() {
    return asked.get();
  }

  @Override
  public Lease lease(String subject, int perMinute, int wanted, Duration lifetime) {
    int unused = asked.incrementAndGet();
    return leases.lease(subject, perMinute, wanted, lifetime);
  }

  @Override
  public int counted(String subject) {
    return leases.counted(subject);
  }

  @Override
  public void giveBack(EndedPermitLease used) {
    leases.giveBack(used);
  }
}
