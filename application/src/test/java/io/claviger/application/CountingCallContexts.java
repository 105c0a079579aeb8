package io.claviger.application;

import io.claviger.application.gateway.port.CallContexts;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the queries of another implementation. */
public final class CountingCallContexts implements CallContexts {
  private final CallContexts facts;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile Runnable afterReading = () -> {};

  public CountingCallContexts(CallContexts facts) {
    this.facts = facts;
  }

  public int asked() {
    return asked.get();
  }

  /** Runs once, after the next query and before its result is returned. */
  public void afterReading(Runnable once) {
    afterReading =
        () -> {
          afterReading = () -> {};
          once.run();
        };
  }

  @Override
  public Optional<CallContext<ServiceContext>> gather(
      TokenHash token, Instance.Ref service, Instant now) {
    return answered(facts.gather(token, service, now));
  }

  @Override
  public Optional<CallContext<ProjectContext>> gather(
      TokenHash token, Project.Ref project, Instant now) {
    return answered(facts.gather(token, project, now));
  }

  @Override
  public Optional<ServiceContext> find(Instance.Ref service, User.Id caller, Instant now) {
    return answered(facts.find(service, caller, now));
  }

  @Override
  public List<ServiceContext> usableBy(
      User.Id caller, Optional<Instance.Ref> after, int limit, Instant now) {
    return answered(facts.usableBy(caller, after, limit, now));
  }

  private <T> T answered(T answer) {
    int unused = asked.incrementAndGet();
    afterReading.run();
    return answer;
  }
}
