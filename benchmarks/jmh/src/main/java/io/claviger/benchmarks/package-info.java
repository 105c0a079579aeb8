/** Measures with JMH how many nanoseconds and bytes pure functions take. */
package io.claviger.benchmarks;
