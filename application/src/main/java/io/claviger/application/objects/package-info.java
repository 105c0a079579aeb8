/**
 * The ledger of provider objects: who holds the objects that calls stored at providers, and who may
 * use them.
 */
package io.claviger.application.objects;
