/**
 * Calls like those that people, agents and programs make, with what their provider bills. Written
 * from the documentation alone: nothing here uses the code that bounds calls, so that a mistake
 * there can't repeat itself in what checks it. An architecture of its own is the point, so prices
 * and sums are computed here a second time.
 */
package io.claviger.application.demands;
