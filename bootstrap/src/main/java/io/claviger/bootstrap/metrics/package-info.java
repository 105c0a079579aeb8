/**
 * Metrics for operators, in Prometheus' text format. No label contains a handle, a key or an
 * address.
 */
package io.claviger.bootstrap.metrics;
