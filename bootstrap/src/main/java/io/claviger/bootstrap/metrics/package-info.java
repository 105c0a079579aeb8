/**
 * Provides metrics for operators, in the text format of Prometheus. The labels of metrics never
 * contain a handle, key or address.
 */
package io.claviger.bootstrap.metrics;
