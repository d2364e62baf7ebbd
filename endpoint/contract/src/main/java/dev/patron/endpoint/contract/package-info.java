/** The contract suite: what every storefront's endpoint answers, tried over real HTTP. */
@NullMarked
package dev.patron.endpoint.contract;

import org.jspecify.annotations.NullMarked;
