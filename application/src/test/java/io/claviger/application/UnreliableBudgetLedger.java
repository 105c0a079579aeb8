package io.claviger.application;

import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.budgets.BudgetAccount;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Fails before or after another ledger has done what was asked, and counts what it is asked. */
public final class UnreliableBudgetLedger implements BudgetLedger {
  private static final Runnable NOTHING = () -> {};

  private final BudgetLedger ledger;
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(NOTHING);
  private final Set<BudgetAccount> broken = ConcurrentHashMap.newKeySet();
  private final Map<BudgetAccount, CountDownLatch> gates = new ConcurrentHashMap<>();
  private volatile Fault fault = Fault.NONE;
  private volatile CountDownLatch opening = new CountDownLatch(0);

  /** When an exchange fails. */
  public enum Fault {
    NONE,
    /** The exchange does not happen. */
    BEFORE,
    /** The exchange happens, and its answer is lost. */
    AFTER
  }

  public UnreliableBudgetLedger(BudgetLedger ledger) {
    this.ledger = ledger;
  }

  /** From now on exchanges fail like that. */
  public void fail(Fault how) {
    fault = how;
  }

  /** From now on exchanges with this account fail, though the ledger answers. */
  public void breakAccount(BudgetAccount account) {
    boolean unused = broken.add(account);
  }

  /** Does this once, after the next exchange has happened and before its answer arrives. */
  public void meanwhile(Runnable what) {
    meanwhile.set(what);
  }

  /** How many exchanges were asked for. */
  public int asked() {
    return asked.get();
  }

  @Override
  public List<BudgetAccountState> exchange(UUID node, List<LedgerExchange> each) {
    int unused = asked.incrementAndGet();
    if (fault == Fault.BEFORE) {
      throw away();
    }
    if (each.stream().anyMatch(one -> broken.contains(one.account()))) {
      throw new IllegalStateException("bigint out of range");
    }
    List<BudgetAccountState> answers = ledger.exchange(node, each);
    meanwhile.getAndSet(NOTHING).run();
    if (fault == Fault.AFTER) {
      throw away();
    }
    return answers;
  }

  /** From now on the accounts of groups are made only when this gate is open. */
  public void openBehind(CountDownLatch gate) {
    opening = gate;
  }

  /** From now on this account of a group is made only when this gate is open. */
  public void openBehind(BudgetAccount account, CountDownLatch gate) {
    CountDownLatch unused = gates.put(account, gate);
  }

  @Override
  public boolean exists(BudgetAccount account) {
    return ledger.exists(account);
  }

  @Override
  public void open(BudgetAccount account) {
    try {
      gates.getOrDefault(account, opening).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    ledger.open(account);
  }

  @Override
  public int writeOff() {
    return ledger.writeOff();
  }

  @Override
  public int removeOld() {
    return ledger.removeOld();
  }

  private static StoreUnavailable away() {
    return new StoreUnavailable(new SQLTransientConnectionException("away"));
  }
}
