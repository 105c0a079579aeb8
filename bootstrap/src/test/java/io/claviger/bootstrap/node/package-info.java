/** Tests of a node's start that need no database. */
@NullMarked
package io.claviger.bootstrap.node;

import org.jspecify.annotations.NullMarked;
